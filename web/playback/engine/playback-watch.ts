/** Looks at the playing film once a second: does it move, is it heard, does this device keep up. */
import { newScreen, watchScreen } from './screen-watch.ts'
import { afterRepair, noStall, type StallAction, watchStall } from './stall-watch.ts'

const LOOK_EVERY_MS = 1000
const HELD_AFTER_MS = 3000

/** What is known outside of the element; undefined while the film is being brought back. */
export type Wanted = { wantsToPlay: boolean; heardMs: number; isSilent: boolean; hasSound: boolean } | undefined

type Hear = {
  wanted: () => Wanted
  onStall: (action: Exclude<StallAction, 'none'>) => void
  onTrouble: (trouble: 'silent' | 'slow') => void
  /** The film has moved on for a while. */
  onHeld: () => void
}

/** Chromium and Safari count what the decoder of sound has taken in; others do not. */
type CountingVideo = HTMLVideoElement & { webkitAudioDecodedByteCount?: number }

export class PlaybackWatch {
  #video: CountingVideo
  #hear: Hear
  #timer: ReturnType<typeof setInterval>
  #stall = noStall(Date.now())
  #screen = newScreen()

  constructor(video: CountingVideo, hear: Hear) {
    this.#video = video
    this.#hear = hear
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  /** `isResuming`: the element goes on with what it held; else it has a new source, which is judged anew. */
  repaired(isResuming: boolean): void {
    this.#stall = afterRepair(this.#stall, Date.now(), isResuming)
    if (!isResuming) this.#screen = newScreen()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const wanted = this.#hear.wanted()
    if (!wanted) return
    const nowMs = Date.now()
    const video = this.#video
    const isPlaying = wanted.wantsToPlay && !video.ended
    const { stall, action } = watchStall(this.#stall, {
      nowMs,
      positionSeconds: video.currentTime,
      wantsToPlay: isPlaying,
      heardMs: wanted.heardMs,
      isSilent: wanted.isSilent,
    })
    this.#stall = stall
    const { totalVideoFrames: frames = 0, droppedVideoFrames: dropped = 0 } = video.getVideoPlaybackQuality?.() ?? {}
    const { watch, trouble } = watchScreen(this.#screen, {
      positionSeconds: video.currentTime,
      isPlaying: isPlaying && video.playbackRate <= 1,
      isVisible: !document.hidden,
      hasSound: wanted.hasSound,
      audioBytes: video.webkitAudioDecodedByteCount,
      frames,
      dropped,
    })
    this.#screen = watch
    if (stall.runningSinceMs !== undefined && nowMs - stall.runningSinceMs >= HELD_AFTER_MS) this.#hear.onHeld()
    if (action !== 'none') this.#hear.onStall(action)
    if (trouble) this.#hear.onTrouble(trouble)
  }
}
