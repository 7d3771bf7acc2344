/** One film being watched: opens it, feeds the video element, and brings it back whenever it breaks. */
import type { StreamStatus } from '#protocol/stream-status.ts'
import type { StreamUrl } from '#protocol/stream-url.ts'
import type { MoveBody } from '../../api.ts'
import { type FailureCode, failureCode } from '../../failure.ts'
import { chooseTransport } from '../transports/choose-transport.ts'
import { StatusFeed } from '../transports/status-feed.ts'
import { keepLastFrame, takeFrame } from './freeze-frame.ts'
import { begin, type KeepPlaying, type KeepPlayingEvent, keepPlaying, restMs, type Step } from './keep-playing.ts'
import { LampWatch } from './lamp-watch.ts'
import { loadSource, mediaFailure } from './load-source.ts'
import { afterRepair, noStall, watchStall } from './stall-watch.ts'
import type { Stage, StreamReady } from './stream-answer.ts'
import { StreamLease } from './stream-lease.ts'

/** What the screen shows of it. */
export type ViewingState = {
  keep: KeepPlaying
  stage: Stage | undefined
  stream: StreamReady | undefined
  current: StreamUrl | undefined
  status: StreamStatus | undefined
  /** The browser wants a press before it plays with sound. */
  needsPress: boolean
  /** The last picture stands in for the video until the new source shows its own. */
  isFrozen: boolean
  /** How often the film was brought back, for the stats. */
  repairs: number
}

const LOOK_EVERY_MS = 1000
const HELD_AFTER_MS = 3000

export class Viewing {
  #video: HTMLVideoElement
  #canvas: HTMLCanvasElement
  #lease: StreamLease
  #feed: StatusFeed
  #lamp: LampWatch
  #state: ViewingState
  #listeners = new Set<() => void>()
  #closed = new AbortController()
  #attempt = new AbortController()
  #timers: ReturnType<typeof setInterval>[] = []
  #stall = noStall(Date.now())
  #heardMs = 0
  /** The newest URL of the transport in use; the element keeps the one it was given. */
  #fresh: StreamUrl | undefined
  #wantsToPlay = true
  #positionSeconds: number
  #reason: MoveBody['reason'] = 'error'

  /** `canvas` lies over the video and holds the last picture while the film is being brought back. */
  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement, titleId: string, startSeconds: number) {
    this.#video = video
    this.#canvas = canvas
    this.#positionSeconds = startSeconds
    this.#lease = new StreamLease(titleId, (urls) => this.#renewed(urls))
    this.#feed = new StatusFeed({
      onStatus: (status) => {
        this.#heardMs = Date.now()
        this.#set({ status })
      },
      onSilence: () => this.#set({ status: undefined }),
    })
    this.#lamp = new LampWatch(this.#nudge)
    this.#state = {
      keep: begin(Date.now()),
      stage: undefined,
      stream: undefined,
      current: undefined,
      status: undefined,
      needsPress: false,
      isFrozen: false,
      repairs: 0,
    }
  }

  getState = (): ViewingState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Where the film stands, also while a new source is being fetched. */
  get positionSeconds(): number {
    return this.#positionSeconds
  }

  get wantsToPlay(): boolean {
    return this.#wantsToPlay
  }

  start(): void {
    const { signal } = this.#closed
    const video = this.#video
    const stopKeeping = keepLastFrame(video, this.#canvas)
    signal.addEventListener('abort', stopKeeping)
    video.addEventListener('error', () => this.#broke(failureCode(mediaFailure(video))), { signal })
    video.addEventListener('play', () => this.#wish(true), { signal })
    video.addEventListener('pause', () => this.#wish(false), { signal })
    video.addEventListener('timeupdate', () => this.#follow(), { signal })
    video.addEventListener('seeking', () => this.#follow(), { signal })
    video.addEventListener('canplay', () => this.#set({ isFrozen: false }), { signal })
    // Bytes came by the browser's own retries, or the network is back: no need to rest any longer.
    video.addEventListener('canplay', this.#nudge, { signal })
    addEventListener('online', this.#nudge, { signal })
    addEventListener('pagehide', () => this.#lease.giveBack(), { signal })
    // Back from the browser's page cache: the stream was given back when the page was left.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#broke('token_revoked', 'open'), { signal })
    this.#timers.push(setInterval(() => this.#look(), LOOK_EVERY_MS))
    void this.#run('open')
  }

  /** A person's wish to go on or to hold, kept over repairs. */
  play(): void {
    this.#wantsToPlay = true
    if (this.#state.keep.mode === 'steady') this.#playNow()
  }

  pause(): void {
    this.#wantsToPlay = false
    this.#video.pause()
  }

  /** Also while the film is being brought back: it then goes on from here. */
  seekTo(seconds: number): void {
    const lastSeconds = Number.isFinite(this.#video.duration) ? this.#video.duration : Number.POSITIVE_INFINITY
    this.#positionSeconds = Math.max(0, Math.min(seconds, lastSeconds))
    this.#video.currentTime = this.#positionSeconds
  }

  retry(): void {
    this.#dispatch({ type: 'retry', nowMs: Date.now() })
  }

  close(): void {
    this.#closed.abort()
    this.#attempt.abort()
    for (const timer of this.#timers) clearInterval(timer)
    this.#lamp.close()
    this.#feed.close()
    this.#lease.close()
    // Dropping the source ends the request, and with it the download that nobody wants any more.
    this.#video.removeAttribute('src')
    this.#video.load()
  }

  /** One step of the ladder; whatever it brings or throws goes back into the pure part. */
  async #run(step: Step): Promise<void> {
    this.#attempt.abort()
    this.#attempt = new AbortController()
    const { signal } = this.#attempt
    try {
      const urls = await this.#urlsFor(step, signal)
      const current = await this.#choose(urls, signal)
      const isResuming = step === 'resume' && this.#canGoOnWith(current)
      if (!isResuming) await this.#load(current, signal)
      this.#stall = afterRepair(this.#stall, Date.now(), isResuming)
      const repairs = this.#state.repairs + (this.#state.stream === undefined ? 0 : 1)
      this.#set({ current, stream: this.#lease.ready, repairs })
      if (!isResuming) this.#fresh = undefined
      this.#feed.point((this.#fresh ?? current).url)
      this.#dispatch({ type: 'worked' })
      if (this.#wantsToPlay) this.#playNow()
    } catch (error) {
      if (!signal.aborted) this.#dispatch({ type: 'step_failed', code: failureCode(error), nowMs: Date.now() })
    }
  }

  async #urlsFor(step: Step, signal: AbortSignal): Promise<readonly StreamUrl[]> {
    const asking = { signal, onStage: (stage: Stage) => this.#set({ stage }) }
    const atSeconds = this.#positionSeconds
    if (step === 'open') return (await this.#lease.open(atSeconds, asking)).urls
    if (step === 'renew') return this.#lease.renew(signal)
    if (step === 'move') return (await this.#lease.move({ reason: this.#reason, atSeconds }, asking)).urls
    return [this.#state.current, this.#fresh].filter((url) => url !== undefined)
  }

  /** The element still holds this source and retries by itself: what it has buffered is worth keeping. */
  #canGoOnWith({ url }: StreamUrl): boolean {
    return !this.#video.error && this.#video.readyState > 0 && this.#video.currentSrc === url
  }

  #load({ url }: StreamUrl, signal: AbortSignal): Promise<void> {
    takeFrame(this.#video, this.#canvas)
    this.#set({ isFrozen: this.#state.stream !== undefined })
    return loadSource(this.#video, url, this.#positionSeconds, signal)
  }

  async #choose(urls: readonly StreamUrl[], signal: AbortSignal): Promise<StreamUrl> {
    const chosen = await chooseTransport(urls, { fetch: (input, init) => fetch(input, init), signal })
    this.#heardMs = Date.now()
    return chosen
  }

  #playNow(): void {
    this.#video.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return
      this.#wantsToPlay = false
      this.#set({ needsPress: true })
    })
  }

  /** Follows play and pause from anywhere (keys, headphones), but not the pauses that a repair causes. */
  #wish(wantsToPlay: boolean): void {
    if (!wantsToPlay && (this.#state.keep.mode !== 'steady' || this.#video.error)) return
    this.#wantsToPlay = wantsToPlay
    if (wantsToPlay) this.#set({ needsPress: false })
  }

  #follow(): void {
    if (this.#state.keep.mode === 'steady' && this.#video.readyState > 0)
      this.#positionSeconds = this.#video.currentTime
  }

  #look(): void {
    const nowMs = Date.now()
    if (this.#state.keep.mode !== 'steady') return
    const wantsToPlay = this.#wantsToPlay && !this.#video.ended
    const isSilent = this.#state.status === undefined
    const look = { nowMs, positionSeconds: this.#video.currentTime, wantsToPlay, heardMs: this.#heardMs, isSilent }
    const { stall, action } = watchStall(this.#stall, look)
    this.#stall = stall
    if (stall.runningSinceMs !== undefined && nowMs - stall.runningSinceMs >= HELD_AFTER_MS)
      this.#dispatch({ type: 'progressed' })
    if (action === 'ask') void this.#askHome()
    if (action === 'reload' || action === 'move') this.#broke('timed_out', action)
  }

  /** A stall may be slow peers or a dead home: one byte tells. */
  async #askHome(): Promise<void> {
    const { current } = this.#state
    if (!current) return
    await this.#choose([current], this.#closed.signal).catch((error: unknown) =>
      this.#broke(failureCode(error), 'renew'),
    )
  }

  #renewed(urls: readonly StreamUrl[]): void {
    this.#fresh = urls.find(({ transport }) => transport === this.#state.current?.transport)
    if (this.#fresh) this.#feed.point(this.#fresh.url)
  }

  #nudge = (): void => this.#dispatch({ type: 'nudged', nowMs: Date.now() })

  #broke(code: FailureCode, startAt?: Step): void {
    this.#reason = code === 'timed_out' ? 'stalled' : code === 'cannot_play' ? 'error' : 'agent_gone'
    this.#dispatch({ type: 'broke', code, nowMs: Date.now(), ...(startAt !== undefined && { startAt }) })
  }

  #dispatch(event: KeepPlayingEvent): void {
    if (this.#closed.signal.aborted) return
    const before = this.#state.keep
    const keep = keepPlaying(before, event)
    if (keep === before) return
    this.#set({ keep })
    this.#lamp.watch(keep.mode === 'failed' && keep.isQuiet)
    if (keep.mode === 'trying') void this.#run(keep.step)
    if (keep.mode === 'resting')
      this.#timers.push(setTimeout(() => this.#dispatch({ type: 'rested' }), restMs(keep.trouble.round, Math.random())))
  }

  #set(change: Partial<ViewingState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
