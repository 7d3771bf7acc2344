/** A real swarm on loopback behind the VPN's door: what others see of us while it is shut, opened, and shut again. */
import { afterEach, describe, expect, it } from 'vitest'
import { openState } from '../../state/state.ts'
import { type DhtNetwork, startDhtNetwork } from '../../testing/dht-network.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { startTracker } from '../../testing/tracker.ts'
import { until, untilSteady } from '../../testing/until.ts'
import { Door } from '../../vpn/door.ts'
import { readRange } from '../read-range.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const TUNNEL = { localAddress: '127.0.0.55' }
const FILM_BYTES = 4 * 1024 * 1024

/** Everything that a swarm consists of, made before the agent, whose sockets alone stand behind the door. */
async function startSwarm(door: Door) {
  const trackers = [await startTracker('127.0.0.1', 'http'), await startTracker('127.0.0.1', 'udp')]
  for (const tracker of trackers) ends.push(tracker.stop)
  const dht: DhtNetwork = await startDhtNetwork(3)
  ends.push(dht.stop)
  const seeder = await startSeeder({ files: { 'film.mkv': pseudoRandomBytes(FILM_BYTES) }, uploadLimit: 150_000 })
  ends.push(seeder.stop)
  const callers: (string | undefined)[] = []
  seeder.torrent.on('wire', (wire) => callers.push(wire.remoteAddress?.replace(/^::ffff:/, '')))
  const home = await startTestTorrents(
    temporaryDirectory(),
    {},
    {
      swarm: {
        ...{ door, trackers: trackers.map(({ url }) => url), discovery: true, lsd: false },
        dhtBootstrap: dht.addresses,
      },
    },
  )
  ends.push(home.stop)
  const isAnnounced = () => trackers.every((tracker) => tracker.eventsOf(seeder.infoHash).length > 0)
  return { home, seeder, callers, trackers, dht, isAnnounced }
}

describe('the swarm behind a door', () => {
  it('is silent until it opens, and goes on by itself after it was shut in mid-film', async () => {
    const door = new Door()
    const { home, seeder, callers, trackers, dht, isAnnounced } = await startSwarm(door)
    const opening = home.open(seeder.source)
    // What is asked for over and over is asked for in vain.
    await until(() => home.client.torrents.length === 1 && home.client.torrents[0]?.ready === true, 'a torrent')
    const torrent = await opening
    const [film] = torrent.layout.files
    if (!film) throw new Error('no film')
    const read = async () => {
      const chunks: Uint8Array[] = []
      const range = { start: 0, end: FILM_BYTES - 1 }
      for await (const chunk of readRange(torrent, film, range, AbortSignal.timeout(50_000))) chunks.push(chunk.slice())
      return Buffer.concat(chunks)
    }
    const reading = read()
    reading.catch(() => {})
    expect([torrent.peers, callers, trackers.flatMap(({ announces }) => announces)]).toEqual([0, [], []])
    expect(dht.asked.size).toBe(0)

    door.unlock(TUNNEL)
    await until(() => torrent.onDiskBytes() > 256 * 1024 && isAnnounced(), 'pieces')
    await until(() => dht.asked.has(seeder.infoHash), 'a question to the DHT')
    expect(new Set(callers)).toEqual(new Set(['127.0.0.55']))

    const before = trackers.map(({ announces }) => announces.length)
    door.shut()
    expect(home.client.torrents[0]?.discovery?.tracker).toBeNull()
    await until(() => torrent.peers === 0 && seeder.torrent.numPeers === 0, 'no peers')
    // What was on its way has been written: from here on nothing may come.
    const onDisk = await untilSteady(() => torrent.onDiskBytes(), 300)
    expect(onDisk).toBeLessThan(FILM_BYTES)
    expect(trackers.map(({ announces }) => announces.length)).toEqual(before)
    // What is on disk can be watched all the while.
    const head = await torrent.read(film, 0, 1000)
    expect(Buffer.from(head).equals(Buffer.from(pseudoRandomBytes(FILM_BYTES).subarray(0, 1000)))).toBe(true)

    seeder.torrent.client.throttleUpload(-1)
    door.unlock({ localAddress: '127.0.0.66' })
    expect((await reading).equals(Buffer.from(pseudoRandomBytes(FILM_BYTES)))).toBe(true)
    expect(callers.at(-1)).toBe('127.0.0.66')
  })

  it('begins with the DHT nodes of last time when it opens', async () => {
    const dht = await startDhtNetwork(3)
    ends.push(dht.stop)
    const directory = temporaryDirectory()
    const before = openState(directory)
    before.torrents.saveDhtNodes(dht.addresses)
    before.close()
    const door = new Door()
    const swarm = { door, trackers: [], discovery: true, lsd: false, dhtBootstrap: [] }
    const home = await startTestTorrents(directory, {}, { swarm })
    ends.push(home.stop)
    const nodes = () => (home.client.dht ? home.client.dht.toJSON().nodes.length : 0)
    expect(nodes()).toBe(0)
    door.unlock(TUNNEL)
    await until(() => nodes() === 3, 'the nodes')
  })

  it('lets nobody in while it is shut, and opens a film that is whole all the same', async () => {
    const door = new Door()
    const { home, seeder } = await startSwarm(door)
    seeder.torrent.client.throttleUpload(-1)
    door.unlock(TUNNEL)
    const torrent = await home.open(seeder.source)
    torrent.pin(0, FILM_BYTES)
    await until(() => torrent.onDiskBytes() >= FILM_BYTES, 'the whole film', 30_000)
    door.shut()
    await until(() => seeder.torrent.numPeers === 0, 'no peers')
    seeder.torrent.addPeer(`127.0.0.1:${home.client.torrentPort}`)
    const again = await home.open(seeder.source)
    const [film] = again.layout.files
    expect(film && again.bytesOnDisk(film, 0, FILM_BYTES - 1)).toBe(FILM_BYTES)
    expect(home.client.torrents.map(({ numPeers }) => numPeers)).toEqual([0])
    door.unlock(TUNNEL)
    seeder.torrent.addPeer(`127.0.0.55:${home.client.torrentPort}`)
    await until(() => seeder.torrent.numPeers > 0, 'somebody who came in')
  })
})
