/** A real DHT on IPv6, on loopback: what the agent finds there, and how it is found. */
import { afterEach, expect, it, vi } from 'vitest'
import { collect } from '../../../testing/collect.ts'
import { startDhtNetwork } from '../../../testing/dht-network.ts'
import { pseudoRandomBytes, startSeeder } from '../../../testing/seeder.ts'
import { temporaryDirectory } from '../../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../../testing/test-torrents.ts'
import { until } from '../../../testing/until.ts'
import type { OpenTorrent } from '../../open-torrent.ts'
import { readRange } from '../../read-range.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const film = Buffer.from(pseudoRandomBytes(1024 * 1024))
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const read = async (torrent: OpenTorrent) => {
  const [file] = torrent.layout.files
  if (!file) throw new Error('no film')
  return collect(readRange(torrent, file, { start: 0, end: file.sizeBytes - 1 }, new AbortController().signal))
}
const home = async (dhtBootstrap: string[], directory: string) =>
  startTestTorrents(directory, {}, { swarm: { discovery: true, lsd: false, dhtBootstrap } })

it('brings a film by its hash, names us to others, and is warm after a restart', async () => {
  const dht = stopLater(await startDhtNetwork(12, '::1'))
  const one = stopLater(await startSeeder({ files: { 'film.mp4': film } }))
  const two = stopLater(await startSeeder({ files: { 'two.mp4': film.subarray(0, 100_000) } }))
  for (const { infoHash, port } of [one, two]) await dht.announce(infoHash, port)
  const directory = temporaryDirectory()

  const before = stopLater(await home(dht.addresses.slice(0, 1), directory))
  expect((await read(await before.open({ infoHash: one.infoHash }))).equals(film)).toBe(true)
  expect(before.client.torrents[0]?.wires.map((wire) => wire.remoteAddress)).toEqual(['::1'])
  const asking = stopLater(await startDhtNetwork(1, '::1'))
  const port = before.client.torrentPort
  await until(
    async () => (await asking.find(one.infoHash, dht.addresses)).some((peer) => peer.port === port),
    'being announced',
  )
  running.splice(running.indexOf(before), 1)
  await before.stop()

  const after = stopLater(await home([], directory))
  expect(after.state.torrents.dhtNodes().filter((address) => address.startsWith('[::1]:')).length).toBeGreaterThan(7)
  expect((await read(await after.open({ infoHash: two.infoHash }))).equals(film.subarray(0, 100_000))).toBe(true)
})

it('answers a node on IPv6 with peers and nodes, many as they are, in one datagram', async () => {
  const dht = stopLater(await startDhtNetwork(12, '::1'))
  const infoHash = 'ab'.repeat(20)
  for (let port = 1; port <= 120; port++) await dht.announce(infoHash, port)
  const asking = stopLater(await startDhtNetwork(1, '::1'))
  const found = await asking.find(infoHash, dht.addresses.slice(0, 1))
  expect(found.length).toBeGreaterThan(0)
  expect(found.every(({ host, port }) => host === '::1' && port >= 1 && port <= 120)).toBe(true)
})

it('stops with the agent, also when it has only begun', async () => {
  const agent = await home([], temporaryDirectory())
  await agent.stop()
  expect(agent.client.dht6?.destroyed).toBe(true)
})
