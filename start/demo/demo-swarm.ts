/** The demo swarm: a tracker and two slow seeders on this machine, and the catalog file that offers their films. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild, waitUntilReady } from '../child.ts'
import { freePort } from '../ports.ts'
import type { StateDirectory } from '../state-directory.ts'
import { demoOffers, filesFolder, makeDemoTorrents } from './demo-torrents.ts'

/**
 * What each of the two seeders may send. The film needs 0.76 MB/s: together they stay ahead of the picture, and never
 * so far that it has arrived before it is watched.
 */
export const SEEDER_BYTES_PER_SECOND = 600_000

/** Another pace or another film than the demo's, for tests and benchmarks. */
export type DemoSwarmOptions = { bytesPerSecond?: number; filmFile?: string }

export type DemoSwarm = { catalogFile: string; children: Child[] }

/** Starts it; ready when the tracker answers and both seeders have the whole of every film. */
export async function startDemoSwarm(directory: StateDirectory, options: DemoSwarmOptions = {}): Promise<DemoSwarm> {
  const { bytesPerSecond = SEEDER_BYTES_PER_SECOND, filmFile } = options
  const port = await freePort()
  const announceUrl = `http://127.0.0.1:${port}/announce`
  const torrents = await makeDemoTorrents(directory.demo, announceUrl, filmFile)
  const catalogFile = join(directory.demo, 'catalog.json')
  writeFileSync(catalogFile, JSON.stringify(await demoOffers(torrents)))

  const start = (name: string, file: string, args: string[]) =>
    startChild({
      name,
      command: process.execPath,
      args: [`start/demo/${file}`, ...args],
      logFile: join(directory.logs, `${name}.log`),
    })
  const tracker = start('demo-tracker', 'tracker-process.ts', [String(port)])
  await waitUntilReady(tracker, () => answers(`${announceUrl}?`), { timeoutMs: 15_000, what: 'The demo’s tracker' })

  const shared = torrents.flatMap((torrent) => [torrent.torrentFile, filesFolder(directory.demo, torrent)])
  const seeders = ['demo-seeder-1', 'demo-seeder-2'].map((name) =>
    start(name, 'seeder-process.ts', [String(bytesPerSecond), ...shared]),
  )
  const infoHashes = (await demoOffers(torrents)).offers.map((offer) => offer.source.infoHash)
  for (const seeder of seeders) {
    const ready = async () =>
      (await Promise.all(infoHashes.map((hash) => seedersOf(announceUrl, hash)))).every((n) => n >= 2)
    await waitUntilReady(seeder, ready, { timeoutMs: 30_000, what: 'A demo seeder' })
  }
  return { catalogFile, children: [...seeders, tracker] }
}

async function answers(url: string): Promise<boolean> {
  await fetch(url, { signal: AbortSignal.timeout(2000) })
  return true
}

/** Complete copies that the tracker knows of (scrape, BEP 48). */
async function seedersOf(announceUrl: string, infoHash: string): Promise<number> {
  const escaped = infoHash.replace(/../g, '%$&')
  const scrape = announceUrl.replace('/announce', `/scrape?info_hash=${escaped}`)
  const answer = await (await fetch(scrape, { signal: AbortSignal.timeout(2000) })).text()
  return Number(/8:completei(\d+)e/.exec(answer)?.[1] ?? 0)
}
