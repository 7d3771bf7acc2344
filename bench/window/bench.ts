/** What a viewer who pauses or leaves costs the line: bytes that nobody asked to see. */
import { percentile, report } from '../report.ts'
import { startSeeders } from '../swarm/seeders.ts'
import { type SubjectName, startSubject } from '../swarm/start-subject.ts'

const MiB = 1024 * 1024
const names: SubjectName[] = ['porchlight', 'webtorrent', 'torrent-stream']
const PAUSE_MS = 8000
const ABORTS = 5

const seeders = await startSeeders({ sizeBytes: 1024 * MiB, pieceBytes: 4 * MiB, limits: [40_000_000] })
for (const name of names) {
  const subject = await startSubject(name)
  await subject.open(seeders)
  const overrun = await subject.pause(PAUSE_MS)
  report({ bench: 'window', case: 'paused', subject: name, metric: 'overrun_mib', value: overrun / MiB, n: 1 })
  await subject.close()

  await subject.open(seeders)
  const wasted: number[] = []
  for (let time = 0; time < ABORTS; time++) {
    wasted.push(await subject.abort({ offset: (time * 200 + 3) * MiB, readMs: 1500 }))
  }
  const value = percentile(wasted, 0.5) / MiB
  report({ bench: 'window', case: 'abort', subject: name, metric: 'wasted_mib', value, n: wasted.length })
  subject.end()
}
seeders.close()
