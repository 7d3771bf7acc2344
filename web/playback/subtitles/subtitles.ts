/** Subtitles over a film: the chosen track, its windows as the film goes on, when and how large. A failure never stops the film. */
import { SUBTITLE_WINDOW_SECONDS, type SubtitleFormat } from '#protocol/stream-url.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import { type FailureCode, failureCode } from '../../failure.ts'
import { showText } from './show-text.ts'
import type { SubtitleShow } from './subtitle-show.ts'
import { SubtitleWindows } from './subtitle-windows.ts'
import { windowsAt } from './windows-at.ts'

export type SubtitlesState = {
  track: SubtitleTrack | undefined
  /** Positive: shown later than the file says. */
  offsetSeconds: number
  sizePercent: number
  isLoading: boolean
  /** Why they are not shown now; tried again by itself. */
  problem: FailureCode | undefined
}

/** Thrown when styled subtitles have to be begun anew as plain ones. */
class PlainInstead extends Error {}

const AGAIN_AFTER_MS = 5000
/** iPhones play in a full screen of their own, where nothing of the page is seen. */
const nativeFullscreen = ['webkitbeginfullscreen', 'webkitendfullscreen'] as const

export class Subtitles {
  #video: HTMLVideoElement
  #baseUrl: () => string | undefined
  #fontCount: () => number
  #state: SubtitlesState = {
    track: undefined,
    offsetSeconds: 0,
    sizePercent: 100,
    isLoading: false,
    problem: undefined,
  }
  #listeners = new Set<() => void>()
  #closing = new AbortController()
  #windows: SubtitleWindows | undefined
  #show: SubtitleShow | undefined
  #shownWindows = ''
  #isFollowing = false
  #notBeforeMs = 0
  #isInNativeFullscreen = false
  /** Styles could not be drawn here: the words alone are shown. */
  #isPlain = false

  /** `baseUrl` gives the stream's newest URL, `fontCount` how many fonts its film brings. */
  constructor(video: HTMLVideoElement, baseUrl: () => string | undefined, fontCount: () => number) {
    this.#video = video
    this.#baseUrl = baseUrl
    this.#fontCount = fontCount
    const { signal } = this.#closing
    for (const event of ['timeupdate', 'seeking', 'loadeddata']) video.addEventListener(event, this.#follow, { signal })
    for (const event of nativeFullscreen)
      video.addEventListener(event, () => this.#restart(event === 'webkitbeginfullscreen'), { signal })
  }

  getState = (): SubtitlesState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Undefined: none. */
  choose(track: SubtitleTrack | undefined): void {
    if (track?.id === this.#state.track?.id) return
    this.#stop()
    this.#isPlain = false
    this.#set({ track, offsetSeconds: 0 })
    void this.#follow()
  }

  setOffset(seconds: number): void {
    // Tenths, or many presses add up to a rounding error.
    const offsetSeconds = Math.max(-600, Math.min(600, Math.round(seconds * 10) / 10))
    this.#set({ offsetSeconds })
    this.#show?.setOffset(offsetSeconds)
    void this.#follow()
  }

  setSize(sizePercent: number): void {
    this.#set({ sizePercent: Math.max(50, Math.min(300, sizePercent)) })
  }

  close(): void {
    this.#closing.abort()
    this.#stop()
  }

  #follow = async (): Promise<void> => {
    const { track } = this.#state
    if (!track || this.#isFollowing || Date.now() < this.#notBeforeMs || this.#baseUrl() === undefined) return
    this.#isFollowing = true
    try {
      await this.#bring(track)
      if (this.#state.track === track) this.#set({ problem: undefined, isLoading: false })
    } catch (error) {
      if (this.#state.track !== track || this.#closing.signal.aborted || error instanceof PlainInstead) return
      this.#notBeforeMs = Date.now() + AGAIN_AFTER_MS
      this.#set({ problem: failureCode(error), isLoading: false })
    } finally {
      this.#isFollowing = false
      // Chosen anew while the old one was on its way.
      if (this.#state.track !== track) void this.#follow()
    }
  }

  /** Fetches what is missing and draws whatever is here, the window of this moment first. */
  async #bring(track: SubtitleTrack): Promise<void> {
    const format = this.#formatOf(track)
    this.#windows ??= new SubtitleWindows(this.#baseUrl, track.id, format)
    const windows = this.#windows
    const wanted = windowsAt(this.#video.currentTime, this.#state.offsetSeconds, this.#video.duration || 0)
    for (const index of wanted) {
      if (!windows.held(index)) {
        if (index === wanted[0]) this.#set({ isLoading: true })
        await windows.fetch(index)
      }
      if (this.#windows !== windows) return
      await this.#draw(track, windows, wanted)
    }
  }

  async #draw(track: SubtitleTrack, windows: SubtitleWindows, wanted: readonly number[]): Promise<void> {
    const here = wanted.filter((index) => windows.held(index))
    if (this.#show && this.#shownWindows === here.join()) return
    this.#show ??= await this.#makeShow(track, windows)
    if (this.#windows !== windows) return this.#stop()
    const endSeconds = (Math.max(...here) + 1) * SUBTITLE_WINDOW_SECONDS
    await this.#show.show(
      here.map((index) => windows.held(index)).filter((bytes) => bytes !== undefined),
      endSeconds,
    )
    this.#shownWindows = here.join()
  }

  async #makeShow(track: SubtitleTrack, windows: SubtitleWindows): Promise<SubtitleShow> {
    const { offsetSeconds } = this.#state
    const format = this.#formatOf(track)
    if (format === 'vtt') return showText(this.#video, offsetSeconds, this.#isInNativeFullscreen)
    if (format === 'sup') return (await import('./show-pgs.ts')).showPgs(this.#video, offsetSeconds)
    try {
      const { showAss } = await import('./show-ass.ts')
      return await showAss(this.#video, windows, track.id, { offsetSeconds, fontCount: this.#fontCount() })
    } catch (error) {
      // Home gives the same words without their styles, for a browser that cannot run libass.
      if (failureCode(error) !== 'internal' || this.#windows !== windows) throw error
      this.#stop()
      this.#isPlain = true
      throw new PlainInstead('Styles cannot be drawn here.', { cause: error })
    }
  }

  #formatOf({ kind }: SubtitleTrack): SubtitleFormat {
    if (kind === 'pgs') return 'sup'
    return kind === 'ass' && !this.#isPlain && !this.#isInNativeFullscreen ? 'ass' : 'vtt'
  }

  #restart(isInNativeFullscreen: boolean): void {
    this.#isInNativeFullscreen = isInNativeFullscreen
    this.#stop()
    void this.#follow()
  }

  #stop(): void {
    this.#windows?.close()
    this.#windows = undefined
    this.#show?.close()
    this.#show = undefined
    this.#shownWindows = ''
    this.#notBeforeMs = 0
    this.#set({ isLoading: false, problem: undefined })
  }

  #set(change: Partial<SubtitlesState>): void {
    const names = Object.keys(change) as (keyof SubtitlesState)[]
    if (names.every((name) => this.#state[name] === change[name])) return
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
