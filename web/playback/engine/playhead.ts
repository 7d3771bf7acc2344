/** Where the film stands and whether it is wanted to go on: a person's wish, kept over every repair. */
import type { Screen } from './screen.ts'

type About = {
  screen: Screen
  startSeconds: number
  /** False while the film is being brought back: what the element then says is not the person's doing. */
  isSteady: () => boolean
  /** The browser wants a press before it plays with sound, or has had it. */
  onNeedsPress: (needsPress: boolean) => void
}

export class Playhead {
  #about: About
  #wantsToPlay = true
  #positionSeconds: number

  constructor(about: About) {
    this.#about = about
    this.#positionSeconds = about.startSeconds
  }

  get positionSeconds(): number {
    return this.#positionSeconds
  }

  get wantsToPlay(): boolean {
    return this.#wantsToPlay
  }

  /** Follows the element until `signal`. */
  follow(signal: AbortSignal): void {
    const { video } = this.#about.screen
    video.addEventListener('play', () => this.#followWish(true), { signal })
    video.addEventListener('pause', () => this.#followWish(false), { signal })
    video.addEventListener('timeupdate', this.#followPlace, { signal })
    video.addEventListener('seeking', this.#followPlace, { signal })
  }

  play(): void {
    this.#wantsToPlay = true
    if (this.#about.isSteady()) this.goOn()
  }

  pause(): void {
    this.#wantsToPlay = false
    this.#about.screen.video.pause()
  }

  /** Also while the film is being brought back: it then goes on from here. */
  seekTo(seconds: number): void {
    this.#positionSeconds = this.#about.screen.seekTo(seconds)
  }

  /** Plays if that is the wish. */
  goOn(): void {
    if (!this.#wantsToPlay) return
    this.#about.screen.play(() => {
      this.#wantsToPlay = false
      this.#about.onNeedsPress(true)
    })
  }

  /** Play and pause from anywhere (keys, headphones), but not the pauses that a repair causes. */
  #followWish(wantsToPlay: boolean): void {
    if (!wantsToPlay && (!this.#about.isSteady() || this.#about.screen.video.error)) return
    this.#wantsToPlay = wantsToPlay
    if (wantsToPlay) this.#about.onNeedsPress(false)
  }

  #followPlace = (): void => {
    const { video } = this.#about.screen
    if (this.#about.isSteady() && video.readyState > 0) this.#positionSeconds = video.currentTime
  }
}
