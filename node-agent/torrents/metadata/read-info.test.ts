/** Metadata fetched for its own sake: from a real swarm, nothing else with it, and given up for whoever plays. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import parseTorrent from 'parse-torrent'
import { expect, it, onTestFinished } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { startDhtNetwork } from '../../testing/dht-network.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { startTracker } from '../../testing/tracker.ts'
import { until } from '../../testing/until.ts'
import { readRange } from '../read-range.ts'

const film = pseudoRandomBytes(100_000)
const live = () => AbortSignal.timeout(30_000)

async function startSwarm(trackers: string[] = []) {
  const seeder = await startSeeder({ files: { 'film.mp4': film }, trackers })
  onTestFinished(() => seeder.stop())
  return seeder
}
async function startAgent(swarm: object = {}) {
  const directory = temporaryDirectory()
  const agent = await startTestTorrents(directory, {}, { swarm })
  onTestFinished(() => agent.stop())
  return { ...agent, directory }
}
const hints = { trackers: [] as string[], webSeeds: [], peers: [] as string[] }

it('comes by trackers, leaves nothing behind, and the swarm at once', async () => {
  const tracker = await startTracker()
  onTestFinished(() => tracker.stop())
  const seeder = await startSwarm([tracker.url])
  const agent = await startAgent()
  const { infoHash } = seeder
  const info = await agent.torrents.readInfo({ infoHash, hints: { ...hints, trackers: [tracker.url] } }, live())
  expect(Buffer.compare(info, seeder.torrent.infoBuffer ?? new Uint8Array())).toBe(0)
  expect(agent.client.torrents).toEqual([])
  expect(existsSync(join(agent.downloads, infoHash))).toBe(false)
  expect(agent.state.torrents.find(infoHash)).toBeUndefined()
  expect(seeder.uploadedBytes()).toBe(0)
  await until(() => tracker.eventsOf(infoHash).includes('stop'), 'a farewell')
})

it('comes by the DHT', async () => {
  const network = await startDhtNetwork(4)
  onTestFinished(() => network.stop())
  const seeder = await startSwarm()
  await network.announce(seeder.infoHash, seeder.port)
  const agent = await startAgent({ discovery: true, lsd: false, dhtBootstrap: network.addresses })
  const info = await agent.torrents.readInfo({ infoHash: seeder.infoHash, hints }, live())
  expect((await parseTorrent(Buffer.concat([Buffer.from('d4:info'), info, Buffer.from('e')]))).infoHash).toBe(
    seeder.infoHash,
  )
})

it('is known without the swarm once it was opened here, or kept from before', async () => {
  const seeder = await startSwarm()
  const agent = await startAgent()
  const torrent = await agent.open(seeder.source)
  expect(torrent.layout.files).toHaveLength(1)
  expect(Buffer.from(await agent.torrents.readInfo({ infoHash: seeder.infoHash, hints }, live()))).toEqual(
    Buffer.from(seeder.torrent.infoBuffer ?? []),
  )
})

it('lets the torrent be opened without anybody who could tell it', async () => {
  const seeder = await startSwarm()
  const info = seeder.torrent.infoBuffer ?? new Uint8Array()
  const knownInfo = (infoHash: string) => (infoHash === seeder.infoHash ? info : undefined)
  const agent = await startTestTorrents(temporaryDirectory(), {}, { knownInfo })
  onTestFinished(() => agent.stop())
  const torrent = await agent.open({ infoHash: seeder.infoHash })
  expect([torrent.layout.files[0]?.path, torrent.peers]).toEqual(['film.mp4', 0])
})

it('is given up for whoever opens the torrent, who waits for nobody', async () => {
  const seeder = await startSwarm()
  const agent = await startAgent()
  const { infoHash } = seeder
  const reading = agent.torrents.readInfo({ infoHash, hints }, live())
  const givenUp = expect(reading).rejects.toMatchObject({ code: 'busy' })
  await until(() => agent.client.torrents.length === 1, 'it to be asked for')
  const torrent = await agent.open(seeder.magnet)
  await givenUp
  const [file] = torrent.layout.files
  if (!file) throw new Error('no file')
  const got = await collect(readRange(torrent, file, { start: 0, end: film.length - 1 }, live()))
  expect(Buffer.compare(got, film)).toBe(0)
  await expect(
    agent.torrents.readInfo({ infoHash: 'ef'.repeat(20), hints }, AbortSignal.abort(new Error('left'))),
  ).rejects.toThrow('left')
})

it('ends with whoever wanted it, and is then nobody’s', async () => {
  const agent = await startAgent()
  const leaving = new AbortController()
  const reading = agent.torrents.readInfo({ infoHash: 'ef'.repeat(20), hints }, leaving.signal)
  const ended = expect(reading).rejects.toThrow('left')
  await until(() => agent.client.torrents.length === 1, 'it to be asked for')
  leaving.abort(new Error('left'))
  await ended
  expect(agent.client.torrents).toEqual([])
})
