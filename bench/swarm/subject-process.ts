/** One engine in a process of its own, driven over IPC: `subject-process.ts <name>`. */
import { keepNurserySmall } from '../../node-agent/small-nursery.ts'
import { abort, pause, seek, watch } from './exercises.ts'
import type { Subject } from './subject.ts'

/** Each process loads its own engine and no other: what all three take is nobody's memory. */
const subjects: Record<string, () => Promise<Subject>> = {
  async porchlight() {
    // As the agent begins (node-agent/main.ts).
    keepNurserySmall()
    return (await import('./porchlight-subject.ts')).porchlightSubject()
  },
  webtorrent: async () => (await import('./webtorrent-subject.ts')).webtorrentSubject(),
  'torrent-stream': async () => (await import('./torrent-stream-subject.ts')).torrentStreamSubject(),
}
const make = subjects[process.argv[2] ?? '']
if (make === undefined) throw new Error(`no such subject: ${process.argv[2]}`)
const subject = await make()

const calls: Record<string, (argument: never) => unknown> = {
  ...subject,
  seek: (place) => seek(subject, place),
  pause: (pauseMs) => pause(subject, pauseMs),
  abort: (options) => abort(subject, options),
  watch: (watching) => watch(subject, watching),
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
  /** After a collection, so that what is left is what is held. */
  rssBytes: () => {
    globalThis.gc?.()
    return process.memoryUsage.rss()
  },
  /** What would keep this process alive; the channel to the benchmark apart. */
  handles: () => process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').length,
}

process.on('message', async ({ id, name, argument }: { id: number; name: string; argument: never }) => {
  try {
    process.send?.({ id, value: await calls[name]?.(argument) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0 })
