/** Pure: whether a film that seems to play is really seen and heard: Chromium plays AC-3 silently and without an error. */

/**
 * One look at the player, about once a second. `audioBytes` is what the decoder of sound has taken in, undefined where
 * the browser does not count it; `hasSound` says that there is something to hear.
 */
export type ScreenLook = {
  positionSeconds: number
  isPlaying: boolean
  isVisible: boolean
  hasSound: boolean
  audioBytes: number | undefined
  frames: number
  dropped: number
}

export type ScreenWatch = {
  positionSeconds: number
  /** Film seconds seen in a row since the source began. */
  playedSeconds: number
  /** Film seconds, frames and dropped ones of the window that is being judged. */
  window: { seconds: number; frames: number; dropped: number }
  last: { frames: number; dropped: number } | undefined
  hasTold: boolean
}

const SILENT_AFTER_SECONDS = 4
const WINDOW_SECONDS = 15
/** A device that shows less than half of the frames shows a slide show. A busy moment is shorter than the window. */
const DROPPED_SHARE = 0.5
/** A seek is not playing. */
const STEP_SECONDS = 4

const noWindow = { seconds: 0, frames: 0, dropped: 0 }
export const newScreen = (): ScreenWatch => ({
  positionSeconds: -1,
  playedSeconds: 0,
  window: noWindow,
  last: undefined,
  hasTold: false,
})

/** Tells a trouble once a source. */
export function watchScreen(watch: ScreenWatch, look: ScreenLook): { watch: ScreenWatch; trouble?: 'silent' | 'slow' } {
  const moved = look.positionSeconds - watch.positionSeconds
  const { frames, dropped } = look
  const here = { ...watch, positionSeconds: look.positionSeconds, last: { frames, dropped } }
  // A hidden page may be throttled or draw nothing at all: that says nothing of the device.
  if (!look.isPlaying || !look.isVisible || watch.last === undefined || moved <= 0 || moved > STEP_SECONDS)
    return { watch: { ...here, window: noWindow } }
  const window = {
    seconds: watch.window.seconds + moved,
    frames: watch.window.frames + frames - watch.last.frames,
    dropped: watch.window.dropped + dropped - watch.last.dropped,
  }
  const playedSeconds = watch.playedSeconds + moved
  const next = { ...here, playedSeconds, window: window.seconds >= WINDOW_SECONDS ? noWindow : window }
  if (watch.hasTold) return { watch: next }
  if (look.hasSound && look.audioBytes === 0 && playedSeconds >= SILENT_AFTER_SECONDS)
    return { watch: { ...next, hasTold: true }, trouble: 'silent' }
  if (window.seconds >= WINDOW_SECONDS && window.dropped > window.frames * DROPPED_SHARE)
    return { watch: { ...next, hasTold: true }, trouble: 'slow' }
  return { watch: next }
}
