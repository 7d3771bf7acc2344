/** The video element, the canvas with its last picture, and the source that feeds it now. */
import { hlsWayHere } from '../device/device-profile.ts'
import type { WayHome } from '../transports/way-home.ts'
import { keepLastFrame, takeFrame } from './freeze-frame.ts'
import { makeSource, prepareSource } from './sources/make-source.ts'
import type { Source, SourceEvents } from './sources/source.ts'
import type { StreamReady } from './stream-answer.ts'

type Showing = {
  atSeconds: number
  isWholeAtHome: () => boolean
  onBroke: SourceEvents['onBroke']
  signal: AbortSignal
}

export class Screen {
  readonly video: HTMLVideoElement
  #canvas: HTMLCanvasElement
  #source: Source | undefined
  #stopKeeping: () => void

  /** `canvas` lies over the video and holds the last picture while the film is being brought back. */
  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.video = video
    this.#canvas = canvas
    this.#stopKeeping = keepLastFrame(video, canvas)
    void hlsWayHere().then(prepareSource)
  }

  /** What feeds the element; undefined before the first film. */
  get source(): Source | undefined {
    return this.#source
  }

  /** Resolves when the film's beginning is there; throws what `Source.load` throws. */
  async show(ready: StreamReady, url: string, { atSeconds, isWholeAtHome, onBroke, signal }: Showing): Promise<void> {
    takeFrame(this.video, this.#canvas)
    this.#source?.close()
    this.#source = undefined
    const source = await makeSource(this.video, {
      plan: ready.plan,
      streamUrl: url,
      way: await hlsWayHere(),
      atSeconds,
      events: { onBroke: (code) => this.#source === source && onBroke(code) },
      isWholeAtHome,
    })
    if (signal.aborted) source.close()
    signal.throwIfAborted()
    this.#source = source
    await source.load(atSeconds, signal)
  }

  /** What it holds comes by this way and can go on: what is buffered is worth keeping. */
  goesOnWith(way: WayHome): boolean {
    return this.#source !== undefined && way.isInUse(this.#source.streamUrl) && this.#source.goOn()
  }

  /** Seconds within the film. */
  seekTo(seconds: number): number {
    const lastSeconds = Number.isFinite(this.video.duration) ? this.video.duration : Number.POSITIVE_INFINITY
    const target = Math.max(0, Math.min(seconds, lastSeconds))
    this.video.currentTime = target
    return target
  }

  /** `onPressWanted`: the browser wants a press before it plays with sound. */
  play(onPressWanted: () => void): void {
    this.video.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') onPressWanted()
    })
  }

  close(): void {
    this.#stopKeeping()
    this.#source?.close()
    this.#source = undefined
    // Dropping the source ends the request, and with it the download that nobody wants any more.
    this.video.removeAttribute('src')
    this.video.load()
  }
}
