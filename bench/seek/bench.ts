/** From letting go of the seek bar to the first bytes: our engine beside webtorrent's and torrent-stream's readers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile, report } from '../report.ts'
import { type AwkwardPeers, startAwkwardPeers } from '../swarm/awkward-peers.ts'
import type { SeekTimes } from '../swarm/exercises.ts'
import { type Seeders, startSeeders } from '../swarm/seeders.ts'
import { type RunningSubject, type SubjectName, startSubject } from '../swarm/start-subject.ts'

const MiB = 1024 * 1024
const BLOCK_BYTES = 16 * 1024
const SIZE_BYTES = 1024 * MiB
const SEEKS = 30
const COLD_STARTS = 10
/** A seek that takes longer than this counts as this. */
const LONGEST_MS = 10_000
const names: SubjectName[] = ['porchlight', 'webtorrent', 'torrent-stream']

/** Far apart, so that nothing read ahead for one place helps at the next; never at a piece's start. */
const placeOf = (seek: number) => Math.floor(((seek + 1.37) * SIZE_BYTES) / (SEEKS + 3))

async function timed(subject: RunningSubject, offset: number): Promise<SeekTimes> {
  const tooLong = sleep(LONGEST_MS, { first64kMs: LONGEST_MS, firstMibMs: LONGEST_MS }, { ref: false })
  return Promise.race([subject.seek({ torrent: 0, offset }), tooLong])
}

/**
 * Until nothing more arrives for it, so that one subject's leftovers do not slow the next one down. A seeder that
 * holds to a limit sends in steps of half a second: only a longer silence says that it has nothing more to send. A
 * peer that chokes and unchokes sends a few bytes now and then.
 */
async function untilQuiet(subject: RunningSubject): Promise<void> {
  let before = Number.NEGATIVE_INFINITY
  for (let tries = 0; tries < 20; tries++) {
    const now = await subject.received()
    if (now - before < BLOCK_BYTES) break
    before = now
    await sleep(800)
  }
}

function reportTimes(benchCase: string, subject: SubjectName, times: SeekTimes[]): void {
  const first64k = times.map((time) => time.first64kMs)
  const firstMib = times.map((time) => time.firstMibMs)
  const figures = {
    first_64k_p50_ms: percentile(first64k, 0.5),
    first_64k_p95_ms: percentile(first64k, 0.95),
    first_mib_p50_ms: percentile(firstMib, 0.5),
    first_mib_p95_ms: percentile(firstMib, 0.95),
    max_ms: Math.max(...firstMib),
  }
  for (const [metric, value] of Object.entries(figures)) {
    report({ bench: 'seek', case: benchCase, subject, metric, value, n: times.length })
  }
}

/** All subjects at the same peers, taking turns; each seeks on wires that are up and unchoked. */
async function seekWarm(benchCase: string, seeders: Seeders, awkward?: AwkwardPeers): Promise<void> {
  const subjects = await Promise.all(names.map(startSubject))
  const times = new Map(names.map((name) => [name, [] as SeekTimes[]]))
  const peers = seeders.addresses.length + (awkward?.addresses.length ?? 0)
  for (const subject of subjects) {
    await subject.open(seeders, { peers: awkward?.addresses ?? [] })
    for (let tries = 0; tries < 100 && (await subject.peers()) < peers; tries++) await sleep(100)
    await timed(subject, 0)
    await untilQuiet(subject)
  }
  for (let seek = 0; seek < SEEKS; seek++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(seek + turn) % subjects.length] as RunningSubject
      times.get(subject.name)?.push(await timed(subject, placeOf(seek)))
      await untilQuiet(subject)
    }
  }
  for (const subject of subjects) subject.end()
  for (const [name, measured] of times) reportTimes(benchCase, name, measured)
}

/** From adding the torrent to a client that has never met its peers. */
async function seekCold(seeders: Seeders): Promise<void> {
  const subjects = await Promise.all(names.map(startSubject))
  const times = new Map(names.map((name) => [name, [] as SeekTimes[]]))
  for (let start = -1; start < COLD_STARTS; start++) {
    for (const subject of subjects) {
      const begunAt = performance.now()
      await subject.open(seeders)
      const openedMs = performance.now() - begunAt
      const { first64kMs, firstMibMs } = await timed(subject, placeOf(start + 1))
      // The first start is the process warming up: an agent has been running for days.
      if (start >= 0) {
        times.get(subject.name)?.push({ first64kMs: openedMs + first64kMs, firstMibMs: openedMs + firstMibMs })
      }
      await subject.close()
      await sleep(1000)
    }
  }
  for (const subject of subjects) subject.end()
  for (const [name, measured] of times) reportTimes('cold', name, measured)
}

const only = process.argv[3]
if (only !== 'weak-swarm') {
  const seeders = await startSeeders({
    sizeBytes: SIZE_BYTES,
    pieceBytes: 4 * MiB,
    limits: new Array(4).fill(2_500_000),
  })
  if (only !== 'cold') await seekWarm('warm', seeders)
  if (only !== 'warm') await seekCold(seeders)
  seeders.close()
}
if (only === undefined || only === 'weak-swarm') {
  const pieceBytes = MiB
  const seeders = await startSeeders({ sizeBytes: SIZE_BYTES, pieceBytes, limits: new Array(8).fill(300_000) })
  const awkward = await startAwkwardPeers(seeders, 300_000)
  await seekWarm('weak-swarm', seeders, awkward)
  await awkward.close()
  seeders.close()
}
