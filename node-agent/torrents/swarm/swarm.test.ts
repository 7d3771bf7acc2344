/** The swarm with real trackers, a real DHT and real peers: what it finds, what it says, and to whom it says nothing. */
import { createSocket } from 'node:dgram'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Torrent } from 'webtorrent'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { collect } from '../../testing/collect.ts'
import { startDhtNetwork } from '../../testing/dht-network.ts'
import { startPlainLeecher } from '../../testing/plain-leecher.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents, type TestTorrents } from '../../testing/test-torrents.ts'
import { startTracker } from '../../testing/tracker.ts'
import { until, untilSteady } from '../../testing/until.ts'
import type { OpenTorrent } from '../open-torrent.ts'
import { readRange } from '../read-range.ts'
import type { SwarmOptions } from '../swarm-client.ts'
import type { TorrentsTimes } from '../torrents-options.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const KiB = 1024
const MiB = 1024 * KiB
const film = Buffer.from(pseudoRandomBytes(MiB))
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}
const stopNow = async (one: { stop(): Promise<void> }) => {
  running.splice(running.indexOf(one), 1)
  await one.stop()
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const seed = async (more: Partial<Parameters<typeof startSeeder>[0]> = {}): Promise<Seeder> =>
  stopLater(await startSeeder({ files: { 'film.mp4': film }, ...more }))
const home = async (swarm: Partial<SwarmOptions> = {}, times: TorrentsTimes = {}, directory = temporaryDirectory()) =>
  stopLater(await startTestTorrents(directory, times, { swarm }))
const read = (torrent: OpenTorrent, start = 0, end = film.length - 1) =>
  collect(
    readRange(torrent, torrent.layout.files[0] ?? (undefined as never), { start, end }, new AbortController().signal),
  )
const onlyTorrent = ({ client }: TestTorrents): Torrent => client.torrents[0] ?? (undefined as never)
const torrentFileOf = ({ infoHash, torrentFile }: Seeder) => ({ infoHash, torrentFile: encodeBase64Url(torrentFile) })

/** A TCP server that takes connections and says nothing. */
async function startSilentPeers(count: number) {
  const sockets = new Set<Socket>()
  let most = 0
  const servers = Array.from({ length: count }, () =>
    createServer((socket) => {
      sockets.add(socket)
      most = Math.max(most, sockets.size)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }),
  )
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))))
  return stopLater({
    addresses: servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`),
    open: () => sockets.size,
    most: () => most,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    },
  })
}

describe('trackers', () => {
  it('hear when we come, and with true numbers when we go', async () => {
    const tracker = stopLater(await startTracker())
    const seeder = await seed()
    const agent = await home({ trackers: [tracker.url] })
    expect((await read(await agent.open(seeder.source))).equals(film)).toBe(true)
    const leecher = await startPlainLeecher(seeder.infoHash, agent.client.torrentPort)
    await until(leecher.isUnchoked, 'being unchoked')
    await leecher.ask(0)
    await leecher.stop()
    await stopNow(agent)
    expect(tracker.eventsOf(seeder.infoHash)).toEqual(['start', 'complete', 'stop'])
    const last = tracker.announces.at(-1)
    expect(last).toMatchObject({ event: 'stop', left: 0, downloaded: MiB })
    expect(last?.uploaded).toBeGreaterThanOrEqual(16 * KiB)
  })

  it('hear that we go as soon as nobody watches any more', async () => {
    const tracker = stopLater(await startTracker())
    const seeder = await seed()
    const agent = await home({ trackers: [tracker.url] }, { idleMilliseconds: 50 })
    await read(await agent.open(seeder.source), 0, 100)
    await until(() => tracker.eventsOf(seeder.infoHash).includes('stop'), 'goodbye')
    expect(agent.torrents.isLoaded(seeder.infoHash)).toBe(false)
  })

  it.each(['http', 'udp'] as const)('bring peers by %s, the operator’s own as well', async (kind) => {
    const tracker = stopLater(await startTracker('127.0.0.1', kind))
    const seeder = await seed({ trackers: [tracker.url] })
    await until(() => tracker.eventsOf(seeder.infoHash).length > 0, 'the seeder')
    const agent = await home({ trackers: [tracker.url] })
    expect((await read(await agent.open({ infoHash: seeder.infoHash }))).equals(film)).toBe(true)
    await stopNow(agent)
    expect(tracker.eventsOf(seeder.infoHash).at(-1)).toBe('stop')
  })

  it('cannot have us announce without end', async () => {
    let asked = 0
    const hostile = createHttpServer((_request, response) => {
      asked++
      response.end('d8:intervali9999999999e5:peers0:e')
    })
    await new Promise<void>((done) => hostile.listen(0, '127.0.0.1', done))
    stopLater({ stop: () => new Promise<void>((done) => hostile.close(() => done())) })
    const seeder = await seed()
    const agent = await home({ trackers: [`http://127.0.0.1:${(hostile.address() as AddressInfo).port}/announce`] })
    await read(await agent.open(seeder.source), 0, 100)
    await until(() => asked > 0, 'an announcement')
    expect(await untilSteady(() => asked)).toBe(1)
  })
})

describe('a private torrent', () => {
  it('is known to its own trackers alone, also when it came as a magnet', async () => {
    const [own, extra] = [stopLater(await startTracker()), stopLater(await startTracker())]
    const dht = stopLater(await startDhtNetwork(5))
    const dht6 = stopLater(await startDhtNetwork(5, '::1'))
    const seeder = await seed({ isPrivate: true, trackers: [own.url] })
    const other = await seed({ files: { 'other.mp4': film } })
    const swarm = {
      trackers: [own.url, extra.url],
      discovery: true,
      dhtBootstrap: [...dht.addresses, ...dht6.addresses],
    }
    const agent = await home({ ...swarm, trackers: [extra.url] })

    const file = stopLater(
      await startTestTorrents(temporaryDirectory(), {}, { swarm: { ...swarm, trackers: [extra.url] } }),
    )
    const trusted = { infoHash: seeder.infoHash, hints: { trackers: [own.url], webSeeds: [], peers: [] } }
    const info = seeder.torrent.infoBuffer
    const context = { signal: AbortSignal.timeout(20_000), correlationId: 'test-correlation' }
    expect((await read(await file.torrents.open({ ...trusted, info }, context))).equals(film)).toBe(true)
    expect(onlyTorrent(file).discovery).toMatchObject({ dht: null, lsd: null })
    expect(dht6.asked).not.toContain(seeder.infoHash)
    expect(extra.eventsOf(seeder.infoHash)).toEqual([])
    expect(dht.asked).not.toContain(seeder.infoHash)
    await stopNow(file)

    // A public one goes everywhere.
    await read(await agent.open(other.source))
    await until(() => dht6.asked.has(other.infoHash), 'being announced on IPv6')
    await until(() => dht.asked.has(other.infoHash) && extra.eventsOf(other.infoHash).length > 0, 'being announced')

    // Of a magnet nobody knows yet that it is private. Once it is known, nothing more is said in public.
    const magnet = await agent.torrents.open(trusted, context)
    const torrent = agent.client.torrents.find((one) => one.infoHash === seeder.infoHash)
    expect((await read(magnet)).equals(film)).toBe(true)
    expect(torrent?.private).toBe(true)
    expect(torrent?.announce).toEqual([own.url])
    expect(torrent?.discovery).toMatchObject({ dht: null, lsd: null })
    await stopNow(agent)
    expect(own.eventsOf(seeder.infoHash)).toContain('stop')
  })

  it('speaks no peer exchange', async () => {
    const seeder = await seed({ isPrivate: true })
    const agent = await home({ discovery: true, dhtBootstrap: [], lsd: false })
    await read(await agent.open(seeder.source), 0, 100)
    const [wire] = onlyTorrent(agent).wires
    expect(wire).not.toHaveProperty('ut_pex')
    const open = await seed({ files: { 'open.mp4': film } })
    await read(await agent.open(open.source), 0, 100)
    expect(agent.client.torrents.at(-1)?.wires[0]).toHaveProperty('ut_pex')
  })
})

describe('discovery', () => {
  it('finds a film by its hash in the DHT, and again after a restart without the well-known nodes', async () => {
    const dht = stopLater(await startDhtNetwork(12))
    const [one, two] = [await seed(), await seed({ files: { 'two.mp4': film.subarray(0, 100 * KiB) } })]
    for (const { infoHash, port } of [one, two]) await dht.announce(infoHash, port)
    const directory = temporaryDirectory()
    const before = await home({ discovery: true, lsd: false, dhtBootstrap: dht.addresses.slice(0, 1) }, {}, directory)
    expect((await read(await before.open({ infoHash: one.infoHash }))).equals(film)).toBe(true)
    await stopNow(before)

    const after = await home({ discovery: true, lsd: false, dhtBootstrap: [] }, {}, directory)
    expect(after.state.torrents.dhtNodes().length).toBeGreaterThanOrEqual(8)
    const { dht: warmed } = after.client
    await until(() => warmed !== false && (warmed?.toJSON().nodes.length ?? 0) >= 8, 'a warm table')
    expect((await read(await after.open({ infoHash: two.infoHash }), 0, 1000)).length).toBe(1001)
  })

  it('lives on after what strangers on the local network say', async () => {
    const seeder = await seed()
    const agent = await home({ lsd: true })
    const torrent = await agent.open(seeder.source)
    const stranger = createSocket('udp4')
    stopLater({ stop: async () => void stranger.close() })
    for (const text of [
      '',
      'BT-SEARCH * HTTP/1.1',
      'BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771',
      '\0'.repeat(1400),
    ]) {
      await new Promise((done) => stranger.send(Buffer.from(text), 6771, '127.0.0.1', done))
    }
    expect((await read(torrent)).equals(film)).toBe(true)
  })

  it('finds the household’s other agent on the local network', async () => {
    const seeder = await seed()
    const first = await home({ lsd: true })
    await read(await first.open(seeder.source))
    await stopNow(seeder)
    const second = await home({ lsd: true })
    expect((await read(await second.open(torrentFileOf(seeder)))).equals(film)).toBe(true)
  })

  it('goes on when the local network is gone', async () => {
    const seeder = await seed()
    const agent = await home({ lsd: true })
    const torrent = await agent.open(seeder.source)
    onlyTorrent(agent).discovery?.lsd?.emit(
      'error',
      Object.assign(new Error('send ENETUNREACH'), { code: 'ENETUNREACH' }),
    )
    expect((await read(torrent)).equals(film)).toBe(true)
  })

  it('reaches peers by IPv6, and is reached', async () => {
    const seeder = await seed()
    const agent = await home()
    const magnet = `magnet:?xt=urn:btih:${seeder.infoHash}&x.pe=[::1]:${seeder.port}`
    expect((await read(await agent.open({ infoHash: seeder.infoHash, magnet }))).equals(film)).toBe(true)
    expect(onlyTorrent(agent).wires.map((wire) => wire.remoteAddress)).toEqual(['::1'])
    const leecher = stopLater(await startPlainLeecher(seeder.infoHash, agent.client.torrentPort, '::1'))
    await until(leecher.isUnchoked, 'being unchoked')
    expect(Buffer.from(await leecher.ask(0)).equals(film.subarray(0, 16 * KiB))).toBe(true)
  })

  it('finds IPv6 peers through a tracker', async () => {
    const tracker = stopLater(await startTracker('::1'))
    const seeder = await seed({ trackers: [tracker.url] })
    await until(() => tracker.eventsOf(seeder.infoHash).length > 0, 'the seeder')
    const agent = await home({ trackers: [tracker.url] })
    expect((await read(await agent.open({ infoHash: seeder.infoHash }))).equals(film)).toBe(true)
    const { wires } = onlyTorrent(agent)
    expect(new Set(wires.map((wire) => wire.remoteAddress))).toEqual(new Set(['::1']))
    expect(wires.map((wire) => wire.peerId)).not.toContain(agent.client.peerId)
  })
})

describe('limits', () => {
  const magnetOf = (infoHash: string, addresses: string[]) => ({
    infoHash,
    magnet: `magnet:?xt=urn:btih:${infoHash}&${addresses.map((address) => `x.pe=${address}`).join('&')}`,
  })
  const ask = async (agent: TestTorrents, infoHash: string, addresses: string[]) => {
    const leaving = new AbortController()
    agent.open(magnetOf(infoHash, addresses), leaving.signal).catch(() => {})
    stopLater({ stop: async () => leaving.abort() })
    await until(() => agent.client.torrents.some((torrent) => torrent.infoHash === infoHash), 'the torrent')
  }

  it('hold for a torrent and over all of them', async () => {
    const peers = await startSilentPeers(30)
    const agent = await home({ maxPeersPerTorrent: 8, maxPeers: 12 })
    await ask(agent, 'a'.repeat(40), peers.addresses.slice(0, 15))
    await until(() => peers.open() === 8, 'a torrent’s share')
    await ask(agent, 'b'.repeat(40), peers.addresses.slice(15))
    await until(() => peers.open() === 12, 'all there may be')
    await untilSteady(peers.open)
    expect(peers.most()).toBe(12)
    const knocking = startPlainLeecher('a'.repeat(40), agent.client.torrentPort)
    await expect(knocking).rejects.toThrow('ended')
  })

  it('hold for calls that nobody has answered yet', async () => {
    const peers = await startSilentPeers(30)
    const agent = await home({ maxHalfOpen: 3 })
    let most = 0
    agent.client.on('add', (torrent: Torrent) => {
      const dial = torrent._drain
      torrent._drain = () => {
        dial()
        most = Math.max(most, torrent._numPending)
      }
    })
    await ask(agent, 'a'.repeat(40), peers.addresses)
    await until(() => peers.open() === 30, 'all peers')
    expect(most).toBe(3)
  })

  it('hold for addresses that are named and not called yet', async () => {
    const agent = await home({ maxHalfOpen: 1 })
    const silent = await startSilentPeers(1)
    await ask(agent, 'a'.repeat(40), silent.addresses)
    const torrent = onlyTorrent(agent)
    for (let host = 0; host < 3000; host++) torrent.addPeer(`127.1.${host >> 8}.${host & 255}:1`, 'ut_pex')
    expect(torrent._queue.length).toBeLessThanOrEqual(1000)
  })

  it('lower the speed at the hours that the schedule names', async () => {
    const seeder = await seed()
    const slow = await home({ rateSchedule: [{ fromMinute: 0, toMinute: 1440, download: 128 * KiB, upload: 'off' }] })
    const fast = await home()
    const [slowly, quickly] = [await slow.open(seeder.source), await fast.open(seeder.source)]
    let isDone = false
    const reading = read(slowly).then((bytes) => {
      isDone = true
      return bytes
    })
    for (let round = 0; round < 3; round++) await read(quickly)
    expect(isDone).toBe(false)
    slow.client.throttleDownload(-1)
    expect((await reading).equals(film)).toBe(true)
  })
})
