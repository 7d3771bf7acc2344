/** A cue of timed text, ready for WebVTT, and the rule of what belongs to a window. Pure. */
import { SUBTITLE_WINDOW_SECONDS } from '#protocol/stream-url.ts'

/** `text` is WebVTT cue text (markup made by us alone); `settings` its cue settings, possibly empty. */
export type Cue = { startSeconds: number; endSeconds: number; text: string; settings: string }

/** More cues than any film has; the rest of such a file is dropped. */
export const MOST_CUES = 30_000
/** Longer text than fits on a screen. */
export const MOST_CUE_CHARACTERS = 4000

export type Window = { startSeconds: number; endSeconds: number }

export const windowOf = (index: number): Window => ({
  startSeconds: index * SUBTITLE_WINDOW_SECONDS,
  endSeconds: (index + 1) * SUBTITLE_WINDOW_SECONDS,
})

/** True for what shows at any time inside the window. */
export const isShownIn = (window: Window, { startSeconds, endSeconds }: Window): boolean =>
  startSeconds < window.endSeconds && endSeconds > window.startSeconds

/** Seconds of `[h:]m:s[.,]fff`; undefined for what is no time. */
export function readTimestamp(text: string): number | undefined {
  const [, hours = '0', minutes, seconds, fraction = '0'] =
    /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?$/.exec(text) ?? []
  if (minutes === undefined || seconds === undefined) return undefined
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`)
}
