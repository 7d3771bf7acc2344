/** Two hundred times a film is opened, looked into and left: what stays behind. */
import { report } from '../report.ts'
import { startSeeders } from '../swarm/seeders.ts'
import { type SubjectName, startSubject } from '../swarm/start-subject.ts'

const MiB = 1024 * 1024
const TORRENTS = 20
const CYCLES = 200
const WARM_UP = 60
const SIZE_BYTES = 32 * MiB
/** In the last half of the cycles memory is looked at so often: whether it still grows, and how fast. */
const LOOK_EVERY = 5
const names: SubjectName[] = ['porchlight', 'webtorrent']

type Look = { cycle: number; rssBytes: number }

/** Bytes a cycle, by least squares. */
function slopeOf(looks: readonly Look[]): number {
  const mean = (of: (look: Look) => number) => looks.reduce((sum, look) => sum + of(look), 0) / looks.length
  const [cycle, rssBytes] = [mean((look) => look.cycle), mean((look) => look.rssBytes)]
  const together = looks.reduce((sum, look) => sum + (look.cycle - cycle) * (look.rssBytes - rssBytes), 0)
  return together / looks.reduce((sum, look) => sum + (look.cycle - cycle) ** 2, 0)
}

const seeders = await startSeeders({ sizeBytes: SIZE_BYTES, pieceBytes: MiB, torrents: TORRENTS, limits: [0, 0] })
for (const name of names) {
  const subject = await startSubject(name)
  let handlesBefore = 0
  let warm = 0
  const looks: Look[] = []
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const torrent = seeders.torrentFiles[cycle % TORRENTS] ?? ''
    await subject.open(seeders, { torrents: [torrent] })
    await subject.seek({ torrent: 0, offset: Math.floor((((cycle * 7) % 29) / 30) * SIZE_BYTES) })
    await subject.close()
    if (cycle === 0) handlesBefore = await subject.handles()
    if (cycle === WARM_UP) warm = await subject.rssBytes()
    if (cycle >= CYCLES / 2 && cycle % LOOK_EVERY === 0) looks.push({ cycle, rssBytes: await subject.rssBytes() })
  }
  const common = { bench: 'memory', case: '200-cycles', subject: name, n: CYCLES }
  report({ ...common, metric: 'rss_growth_mib', value: ((await subject.rssBytes()) - warm) / MiB })
  const slope = (slopeOf(looks) * 100) / MiB
  report({ ...common, n: looks.length, metric: 'rss_slope_mib_per_100_cycles', value: slope })
  report({ ...common, metric: 'handles_left', value: (await subject.handles()) - handlesBefore })
  subject.end()
}
seeders.close()
