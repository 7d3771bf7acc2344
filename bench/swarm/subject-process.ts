/** One engine in a process of its own, driven over IPC: `subject-process.ts <name>`. */
import { porchlightSubject } from './porchlight-subject.ts'
import type { Subject } from './subject.ts'
import { torrentStreamSubject } from './torrent-stream-subject.ts'
import { webtorrentSubject } from './webtorrent-subject.ts'

const subjects: Record<string, () => Subject> = {
  porchlight: porchlightSubject,
  webtorrent: webtorrentSubject,
  'torrent-stream': torrentStreamSubject,
}
const make = subjects[process.argv[2] ?? '']
if (make === undefined) throw new Error(`no such subject: ${process.argv[2]}`)
const subject = make()

/** Beside what the subject can do: the CPU seconds and the memory of its process. */
const calls: Record<string, (argument: never) => unknown> = {
  ...subject,
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
  rssBytes: () => process.memoryUsage.rss(),
}

process.on('message', async ({ id, name, argument }: { id: number; name: string; argument: never }) => {
  try {
    process.send?.({ id, value: await calls[name]?.(argument) })
  } catch (error) {
    process.send?.({ id, error: String(error) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0 })
