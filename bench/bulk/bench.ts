/** One GiB from one seeder without a limit: what the engine costs when nothing else is in the way. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { percentile, report } from '../report.ts'
import { type Seeders, startSeeders } from '../swarm/seeders.ts'
import { type RunningSubject, startSubject } from '../swarm/start-subject.ts'

const MiB = 1024 * 1024
const SIZE_BYTES = 1024 * MiB
const ROUNDS = 5

type Run = { seconds: number; cpuSeconds: number }

async function fetchOnce(subject: RunningSubject, seeders: Seeders): Promise<Run> {
  const [cpuBefore, began] = [await subject.cpuSeconds(), performance.now()]
  await subject.open(seeders)
  await subject.fetchAll()
  const run = { seconds: (performance.now() - began) / 1000, cpuSeconds: (await subject.cpuSeconds()) - cpuBefore }
  await subject.close()
  return run
}

async function fetchWithLibtorrent(seeders: Seeders): Promise<Run> {
  const folder = mkdtempSync(join(seeders.folder, 'libtorrent-'))
  const script = join(import.meta.dirname, '../swarm/leecher.py')
  const port = seeders.addresses[0]?.split(':')[1] ?? ''
  const { stdout } = await promisify(execFile)('/usr/bin/python3', [
    script,
    seeders.torrentFiles[0] ?? '',
    folder,
    port,
  ])
  rmSync(folder, { recursive: true })
  return JSON.parse(stdout)
}

const seeders = await startSeeders({ sizeBytes: SIZE_BYTES, pieceBytes: 4 * MiB, limits: [0] })
const [porchlight, webtorrent] = await Promise.all([startSubject('porchlight'), startSubject('webtorrent')])
const contestants: [string, () => Promise<Run>][] = [
  ['porchlight', () => fetchOnce(porchlight, seeders)],
  ['webtorrent', () => fetchOnce(webtorrent, seeders)],
  ['libtorrent', () => fetchWithLibtorrent(seeders)],
]
const runs = new Map(contestants.map(([name]) => [name, [] as Run[]]))
for (let round = 0; round < ROUNDS; round++) {
  for (let turn = 0; turn < contestants.length; turn++) {
    const [name, fetch] = contestants[(round + turn) % contestants.length] ?? []
    if (name && fetch) runs.get(name)?.push(await fetch())
  }
}
for (const [subject, done] of runs) {
  const common = { bench: 'bulk', case: '1-seeder', subject, n: done.length }
  const speeds = done.map(({ seconds }) => SIZE_BYTES / 1e6 / seconds)
  report({ ...common, metric: 'mb_per_s', value: percentile(speeds, 0.5) })
  report({
    ...common,
    metric: 'cpu_s',
    value: percentile(
      done.map(({ cpuSeconds }) => cpuSeconds),
      0.5,
    ),
  })
}
porchlight.end()
webtorrent.end()
seeders.close()
