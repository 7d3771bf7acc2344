/** A full house: twenty viewers in different places of five films at once, for a minute each engine. */
import { report } from '../report.ts'
import { startSeeders } from '../swarm/seeders.ts'
import { type SubjectName, startSubject } from '../swarm/start-subject.ts'

const MiB = 1024 * 1024
const TORRENTS = 5
const VIEWERS = 20
const SIZE_BYTES = 512 * MiB
const names: SubjectName[] = ['porchlight', 'webtorrent']

const seeders = await startSeeders({
  sizeBytes: SIZE_BYTES,
  pieceBytes: 2 * MiB,
  torrents: TORRENTS,
  // Per torrent: 8 MB/s for the four viewers of each, who need 4.
  limits: new Array(4).fill(2_000_000),
})
for (const name of names) {
  const subject = await startSubject(name)
  await subject.open(seeders)
  const places = Array.from({ length: VIEWERS }, (_, viewer) => ({
    torrent: viewer % TORRENTS,
    offset: Math.floor(((Math.floor(viewer / TORRENTS) + 0.1) / 4) * SIZE_BYTES),
  }))
  const watched = await subject.watch({ places, bytesPerSecond: 1_000_000, seconds: 60 })
  const common = { bench: 'viewers', case: '20-readers', subject: name, n: watched.reads }
  report({ ...common, metric: 'late_reads', value: watched.lateReads })
  report({ ...common, metric: 'rss_mib', value: watched.peakRssBytes / MiB })
  report({ ...common, metric: 'loop_p99_ms', value: watched.loopP99Ms })
  subject.end()
}
seeders.close()
