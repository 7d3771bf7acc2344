/** Pure: which windows of subtitles a moment of the film needs: its own, and soon the next. */
import { SUBTITLE_WINDOW_SECONDS } from '#protocol/stream-url.ts'

/** The next window is fetched this long before it is reached. */
const AHEAD_SECONDS = 30

/** A positive offset shows subtitles later, so what is due now was written for earlier. Indices, the needed one first. */
export function windowsAt(positionSeconds: number, offsetSeconds: number, durationSeconds: number): number[] {
  const moment = Math.max(0, positionSeconds - offsetSeconds)
  const first = Math.floor(moment / SUBTITLE_WINDOW_SECONDS)
  const next = Math.floor((moment + AHEAD_SECONDS) / SUBTITLE_WINDOW_SECONDS)
  const last = durationSeconds > 0 ? Math.floor(durationSeconds / SUBTITLE_WINDOW_SECONDS) : next
  return [...new Set([first, next])].filter((index) => index <= Math.max(last, 0))
}
