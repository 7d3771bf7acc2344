/** Looks inside films as they are opened. What must be read whole for it is read on while the film is played another way. */
import type { SourceState } from '../state/source-state.ts'
import type { TorrentFile } from '../torrents/metadata/torrent-layout.ts'
import type { ReadableTorrent } from '../torrents/readable-torrent.ts'
import { probe } from './inside/probe.ts'
import { type Looked, lookInside } from './look-inside.ts'
import type { FfmpegTool } from './making/ffmpeg/run-ffmpeg.ts'
import { isOnDisk, readWhole } from './stream-files.ts'

/** What a slow disk reads while somebody waits for Play: a few seconds' worth. */
const AT_ONCE_BYTES = 512 * 1024 * 1024

/** Rejects with what reading does, and with the signal's reason. */
export type LookInto = (
  torrent: ReadableTorrent,
  file: TorrentFile,
  sourceId: string,
  signal: AbortSignal,
) => Promise<Looked>

/**
 * A transport stream has its index only in all of its bytes. A long one is first looked into at its ends, as one that is
 * still arriving, and read through behind the player's back, once for all who open it; whoever opens it after that gets
 * what was found (`lookInside`). Where the ends do not even tell how long it is, there is nothing to play until then.
 */
export function createLookInto(sources: SourceState, ffmpeg?: FfmpegTool, atOnceBytes = AT_ONCE_BYTES): LookInto {
  const reading = new Map<string, Promise<Looked>>()
  return async (torrent, file, sourceId, signal) => {
    const { path, sizeBytes } = file
    const identity = { sourceId, path, sizeBytes }
    const key = `${sourceId} ${path}`
    const isHere = () => isOnDisk(torrent, file)(0, sizeBytes)
    const look = (isWhole: boolean, isTooLongToReadNow: boolean, life: AbortSignal) => {
      const read = (start: number, end: number) => readWhole(torrent, file, [start, end], life)
      return probe({ sizeBytes, read, isWhole, isTooLongToReadNow }, life, ffmpeg)
    }
    const readOn = (): Promise<Looked> => {
      const release = torrent.hold()
      const { signal: life } = new AbortController()
      const found = lookInside(sources, identity, isHere, (isWhole) => look(isWhole, false, life)).finally(() => {
        reading.delete(key)
        release()
      })
      // Whoever opens the film next begins anew.
      found.catch(() => {})
      reading.set(key, found)
      return found
    }
    const isLong = sizeBytes > atOnceBytes
    const looked = await lookInside(
      sources,
      identity,
      () => !reading.has(key) && isHere(),
      (isWhole) => look(isWhole, isLong, signal),
    )
    if (!isLong || looked.inside?.isOfWhole !== false || !isHere()) return looked
    const whole = reading.get(key) ?? readOn()
    return looked.inside.durationSeconds === undefined ? untilAborted(signal, whole) : looked
  }
}

async function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
