/** Notes, while somebody reads, which parts of a torrent are in use, and saves it now and then. */
import type { SliceUse } from './slice-use.ts'

const EVERY_MILLISECONDS = 2000

/** Gives the function that notes and saves for the last time. */
export function watchUse(options: {
  use: SliceUse
  held: () => { from: number; to: number }[]
  now: () => number
  save: (bytes: Uint8Array) => void
  onError: (error: unknown) => void
}): () => void {
  const note = () => {
    const at = options.now()
    for (const range of options.held()) options.use.touch(range, at)
    if (!options.use.isChanged) return
    try {
      options.save(options.use.bytes())
    } catch (error) {
      options.onError(error)
    }
  }
  const timer = setInterval(note, EVERY_MILLISECONDS)
  timer.unref()
  return () => {
    clearInterval(timer)
    note()
  }
}
