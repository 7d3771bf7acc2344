/** Cues → the WebVTT of one window (W3C WebVTT; RFC 8216 §3.5 for the timestamp map). Pure. */
import { type Cue, isShownIn, type Window } from './cue.ts'

/** Times in it are the film's own; native HLS is told so by the map. A window without cues is the header alone. */
export function writeVtt(cues: readonly Cue[], window: Window): string {
  const shown = cues.filter((cue) => isShownIn(window, cue))
  const blocks = shown.map(({ startSeconds, endSeconds, text, settings }) => {
    const times = `${timestamp(startSeconds)} --> ${timestamp(endSeconds)}`
    return `${settings === '' ? times : `${times} ${settings}`}\n${text}\n`
  })
  return ['WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n', ...blocks].join('\n')
}

function timestamp(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60]
  const rest = `${two(Math.floor(milliseconds / 1000) % 60)}.${String(milliseconds % 1000).padStart(3, '0')}`
  return `${two(hours)}:${two(minutes)}:${rest}`
}
