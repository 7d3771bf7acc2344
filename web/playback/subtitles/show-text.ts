/** Text subtitles as cues of a text track: the page draws the active ones, or the browser does in its own full screen. */
import type { SubtitleShow } from './subtitle-show.ts'
import { cueKey, mergeCues, readVtt, type TextCue } from './vtt-cues.ts'

const trackOf = new WeakMap<HTMLVideoElement, TextTrack>()

/** One track a video element: a text track that was added cannot be taken away again. */
export function subtitleTrackOf(video: HTMLVideoElement): TextTrack {
  const track = trackOf.get(video) ?? video.addTextTrack('subtitles', 'Porchlight')
  trackOf.set(video, track)
  return track
}

/** `isDrawnByBrowser`: in an iPhone's own full screen nothing of the page is seen. */
export function showText(video: HTMLVideoElement, offsetSeconds: number, isDrawnByBrowser: boolean): SubtitleShow {
  const track = subtitleTrackOf(video)
  track.mode = isDrawnByBrowser ? 'showing' : 'hidden'
  const shown = new Map<string, { cue: TextCue; drawn: VTTCue }>()
  let offset = offsetSeconds
  const clear = () => {
    for (const { drawn } of shown.values()) track.removeCue(drawn)
    shown.clear()
  }
  return {
    show: async (windows) => {
      const decoder = new TextDecoder()
      const wanted = new Map(
        mergeCues(windows.map((bytes) => readVtt(decoder.decode(bytes)))).map((cue) => [cueKey(cue), cue]),
      )
      for (const [key, { drawn }] of shown) {
        if (wanted.has(key)) continue
        track.removeCue(drawn)
        shown.delete(key)
      }
      for (const [key, cue] of wanted) {
        if (shown.has(key)) continue
        const drawn = asVttCue(cue, offset)
        track.addCue(drawn)
        shown.set(key, { cue, drawn })
      }
    },
    setOffset: (seconds) => {
      offset = seconds
      for (const { cue, drawn } of shown.values()) {
        // Never an end before a beginning, not even in between.
        drawn.endTime = Number.MAX_SAFE_INTEGER
        drawn.startTime = Math.max(0, cue.startSeconds + offset)
        drawn.endTime = Math.max(0, cue.endSeconds + offset)
      }
    },
    close: () => {
      clear()
      track.mode = 'disabled'
    },
  }
}

function asVttCue({ startSeconds, endSeconds, text, place, align }: TextCue, offset: number): VTTCue {
  const cue = new VTTCue(Math.max(0, startSeconds + offset), Math.max(0, endSeconds + offset), text)
  cue.align = align
  if (place !== 'bottom') {
    cue.snapToLines = false
    cue.line = place === 'top' ? 6 : 45
  }
  return cue
}
