/** Two hundred times a film is opened, looked into and left: what stays behind. */
import { report } from '../report.ts'
import { startSeeders } from '../swarm/seeders.ts'
import { type SubjectName, startSubject } from '../swarm/start-subject.ts'

const MiB = 1024 * 1024
const TORRENTS = 20
const CYCLES = 200
const WARM_UP = 60
const SIZE_BYTES = 32 * MiB
const names: SubjectName[] = ['porchlight', 'webtorrent']

const seeders = await startSeeders({ sizeBytes: SIZE_BYTES, pieceBytes: MiB, torrents: TORRENTS, limits: [0, 0] })
for (const name of names) {
  const subject = await startSubject(name)
  let handlesBefore = 0
  let warm = 0
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const torrent = seeders.torrentFiles[cycle % TORRENTS] ?? ''
    await subject.open(seeders, { torrents: [torrent] })
    await subject.seek({ torrent: 0, offset: Math.floor((((cycle * 7) % 29) / 30) * SIZE_BYTES) })
    await subject.close()
    if (cycle === 0) handlesBefore = await subject.handles()
    if (cycle === WARM_UP) warm = await subject.rssBytes()
  }
  const common = { bench: 'memory', case: '200-cycles', subject: name, n: CYCLES }
  report({ ...common, metric: 'rss_growth_mib', value: ((await subject.rssBytes()) - warm) / MiB })
  report({ ...common, metric: 'handles_left', value: (await subject.handles()) - handlesBefore })
  subject.end()
}
seeders.close()
