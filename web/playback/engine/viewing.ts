/** One film being watched: opens it, feeds the video element, and brings it back whenever it breaks. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { StreamUrl } from '#protocol/stream-url.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { MoveBody } from '../../api.ts'
import { CannotPlay, type FailureCode, failureCode } from '../../failure.ts'
import { chooseTransport } from '../transports/choose-transport.ts'
import { StatusFeed } from '../transports/status-feed.ts'
import type { Step } from './keep-playing.ts'
import { Keeper } from './keeper.ts'
import { nextWish } from './next-wish.ts'
import { PlaybackWatch } from './playback-watch.ts'
import type { Screen } from './screen.ts'
import { mediaFailure } from './sources/await-beginning.ts'
import type { Stage } from './stream-answer.ts'
import { StreamLease } from './stream-lease.ts'
import { ViewingStore } from './viewing-state.ts'

export class Viewing {
  readonly #store = new ViewingStore()
  readonly getState = this.#store.getState
  readonly subscribe = this.#store.subscribe
  #screen: Screen
  #lease: StreamLease
  #feed: StatusFeed
  #keeper: Keeper
  #watch: PlaybackWatch | undefined
  #closed = new AbortController()
  #attempt = new AbortController()
  #heardMs = 0
  /** The newest URL of the transport in use; the element keeps the one it was given. */
  #fresh: StreamUrl | undefined
  #wantsToPlay = true
  #positionSeconds: number
  #reason: MoveBody['reason'] = 'error'
  #wish: PlayWish

  constructor(screen: Screen, titleId: string, startSeconds: number, wish: PlayWish = {}) {
    this.#screen = screen
    this.#positionSeconds = startSeconds
    this.#wish = wish
    this.#lease = new StreamLease(titleId, (urls) => this.#renewed(urls))
    this.#feed = new StatusFeed({
      onStatus: (status) => {
        this.#heardMs = Date.now()
        this.#store.set({ status })
      },
      onSilence: () => this.#store.set({ status: undefined }),
    })
    this.#keeper = new Keeper({
      onChange: (keep) => this.#store.set({ keep }),
      onStep: (step) => void this.#run(step),
    })
  }

  /** Where the film stands, also while a new source is being fetched. */
  get positionSeconds(): number {
    return this.#positionSeconds
  }

  get wantsToPlay(): boolean {
    return this.#wantsToPlay
  }

  get bitsPerSecond(): number | undefined {
    return this.#screen.source?.bitsPerSecond()
  }

  start(): void {
    const { signal } = this.#closed
    const { video } = this.#screen
    video.addEventListener('error', () => this.#sourceBroke(failureCode(mediaFailure(video))), { signal })
    video.addEventListener('play', () => this.#followWish(true), { signal })
    video.addEventListener('pause', () => this.#followWish(false), { signal })
    video.addEventListener('timeupdate', () => this.#follow(), { signal })
    video.addEventListener('seeking', () => this.#follow(), { signal })
    video.addEventListener('canplay', () => this.#store.set({ isFrozen: false }), { signal })
    // Bytes came by the browser's own retries, or the network is back: no need to rest any longer.
    video.addEventListener('canplay', this.#keeper.nudge, { signal })
    addEventListener('online', this.#keeper.nudge, { signal })
    addEventListener('pagehide', () => this.#lease.giveBack(), { signal })
    // Back from the browser's page cache: the stream was given back when the page was left.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#broke('token_revoked', 'open'), { signal })
    this.#watch = new PlaybackWatch(video, {
      wanted: () => this.#wanted(),
      onStall: (action) => (action === 'ask' ? void this.#askHome() : this.#broke('timed_out', action)),
      onTrouble: (trouble) => void this.#lower(trouble),
      onHeld: () => this.#keeper.tell({ type: 'progressed' }),
    })
    void this.#run('open')
  }

  /** A person's wish to go on or to hold, kept over repairs. */
  play(): void {
    this.#wantsToPlay = true
    if (this.#keeper.mode === 'steady') this.#playNow()
  }

  pause(): void {
    this.#wantsToPlay = false
    this.#screen.video.pause()
  }

  /** Also while the film is being brought back: it then goes on from here. */
  seekTo(seconds: number): void {
    this.#positionSeconds = this.#screen.seekTo(seconds)
  }

  /** Without a gap where the source holds that sound, else by another plan at the same place. */
  async chooseAudio(trackId: number): Promise<void> {
    const wish = { ...this.#wish, audioTrackId: trackId }
    if (!this.#screen.source?.setAudio(trackId)) return this.#replan('chosen', wish)
    this.#wish = wish
    this.#store.set({ audioTrackId: trackId, notice: undefined })
  }

  /** Undefined: what suits the screen and the line. */
  async chooseQuality(heightPixels: number | undefined): Promise<void> {
    const { mostHeightPixels, ...rest } = this.#wish
    const wish = heightPixels === undefined ? rest : { ...rest, mostHeightPixels: heightPixels }
    if (mostHeightPixels !== undefined || !this.#screen.source?.setHeight(heightPixels))
      return this.#replan('chosen', wish)
    this.#store.set({ chosenHeightPixels: heightPixels, notice: undefined })
  }

  /** Subtitles that a person has just added to this film. */
  addSubtitle(track: SubtitleTrack): void {
    this.#store.addSubtitle(track)
  }

  retry(): void {
    this.#keeper.tell({ type: 'retry', nowMs: Date.now() })
  }

  close(): void {
    this.#closed.abort()
    this.#attempt.abort()
    this.#watch?.close()
    this.#keeper.close()
    this.#feed.close()
    this.#lease.close()
    this.#screen.close()
  }

  /** One step of the ladder; whatever it brings or throws goes back into the pure part. */
  async #run(step: Step): Promise<void> {
    this.#attempt.abort()
    this.#attempt = new AbortController()
    const { signal } = this.#attempt
    try {
      const urls = await this.#urlsFor(step, signal)
      const current = await this.#choose(urls, signal)
      const isResuming = step === 'resume' && this.#screen.goesOnWith(current.url)
      if (!isResuming) await this.#load(current, signal)
      if (this.#wantsToPlay) this.#playNow()
      this.#watch?.repaired(isResuming)
      const { stream, repairs } = this.getState()
      const ready = this.#lease.ready
      this.#store.set({
        current,
        stream: ready,
        repairs: repairs + (stream === undefined || step === 'switch' ? 0 : 1),
        audioTrackId: this.#wish.audioTrackId ?? ready?.plan.audioTrackId ?? ready?.tracks.audio[0]?.id,
        chosenHeightPixels: this.#wish.mostHeightPixels,
      })
      if (!isResuming) this.#fresh = undefined
      this.#point((this.#fresh ?? current).url)
      this.#keeper.tell({ type: 'worked' })
    } catch (error) {
      if (!signal.aborted) this.#keeper.tell({ type: 'step_failed', code: failureCode(error), nowMs: Date.now() })
    }
  }

  async #urlsFor(step: Step, signal: AbortSignal): Promise<readonly StreamUrl[]> {
    const asking = this.#asking(signal)
    const atSeconds = this.#positionSeconds
    if (step === 'open') return (await this.#lease.open(atSeconds, this.#wish, asking)).urls
    if (step === 'renew') return this.#lease.renew(signal)
    if (step === 'move')
      return (await this.#lease.move({ reason: this.#reason, atSeconds, wish: this.#wish }, asking)).urls
    if (step === 'switch') return this.#lease.ready?.urls ?? []
    if (step === 'lower') return this.#lowerUrls(signal)
    return [this.getState().current, this.#fresh].filter((url) => url !== undefined)
  }

  /** Asks for another plan while the film goes on; a refusal leaves it as it is and is said beside it. */
  async #replan(reason: 'chosen' | 'cannot_decode', wish: PlayWish): Promise<void> {
    if (this.#keeper.mode !== 'steady' || this.getState().isReplanning) return
    const { signal } = this.#attempt
    this.#store.set({ isReplanning: true, notice: undefined })
    try {
      const atSeconds = this.#positionSeconds
      await this.#lease.move({ reason, atSeconds, wish }, this.#asking(signal))
      this.#wish = wish
      this.#keeper.tell({ type: 'replanned', nowMs: Date.now() })
    } catch (error) {
      if (!signal.aborted) this.#store.set({ notice: failureCode(error) })
    } finally {
      this.#store.set({ isReplanning: false })
    }
  }

  async #lowerUrls(signal: AbortSignal): Promise<readonly StreamUrl[]> {
    const { ready } = this.#lease
    const wish = ready && nextWish(this.#wish, ready.plan, 'decode')
    if (!wish) throw new CannotPlay('Every way was tried.')
    const move = { reason: 'cannot_decode' as const, atSeconds: this.#positionSeconds, wish }
    const { urls } = await this.#lease.move(move, this.#asking(signal))
    this.#wish = wish
    return urls
  }

  /** The film runs, but not as it should; when home has nothing better it goes on like this. */
  async #lower(trouble: 'silent' | 'slow'): Promise<void> {
    const { ready } = this.#lease
    const wish = ready && nextWish(this.#wish, ready.plan, trouble)
    if (wish) await this.#replan('cannot_decode', wish)
  }

  #asking(signal: AbortSignal) {
    return { signal, onStage: (stage: Stage) => this.#store.set({ stage }) }
  }

  async #load({ url }: StreamUrl, signal: AbortSignal): Promise<void> {
    const { ready } = this.#lease
    if (!ready) throw new CannotPlay('Nothing was opened.')
    this.#store.set({ isFrozen: this.getState().stream !== undefined })
    await this.#screen.show(ready, url, {
      atSeconds: this.#positionSeconds,
      // Only then is the pace of bytes the line's.
      isWholeAtHome: () => this.getState().status?.state === 'complete' && ready.plan.mode === 'remux',
      onBroke: (code) => this.#sourceBroke(code),
      signal,
    })
  }

  async #choose(urls: readonly StreamUrl[], signal: AbortSignal): Promise<StreamUrl> {
    const chosen = await chooseTransport(urls, { fetch: (input, init) => fetch(input, init), signal })
    this.#heardMs = Date.now()
    return chosen
  }

  #playNow(): void {
    this.#screen.play(() => {
      this.#wantsToPlay = false
      this.#store.set({ needsPress: true })
    })
  }

  /** Follows play and pause from anywhere (keys, headphones), but not the pauses that a repair causes. */
  #followWish(wantsToPlay: boolean): void {
    if (!wantsToPlay && (this.#keeper.mode !== 'steady' || this.#screen.video.error)) return
    this.#wantsToPlay = wantsToPlay
    if (wantsToPlay) this.#store.set({ needsPress: false })
  }

  #follow(): void {
    const { video } = this.#screen
    if (this.#keeper.mode === 'steady' && video.readyState > 0) this.#positionSeconds = video.currentTime
  }

  #wanted() {
    const { status, stream } = this.getState()
    if (this.#keeper.mode !== 'steady') return undefined
    const hasSound = (stream?.tracks.audio.length ?? 0) > 0
    return { wantsToPlay: this.#wantsToPlay, heardMs: this.#heardMs, isSilent: status === undefined, hasSound }
  }

  /** A stall may be slow peers or a dead home: one byte tells. */
  async #askHome(): Promise<void> {
    const { current } = this.getState()
    if (!current) return
    await this.#choose([current], this.#closed.signal).catch((error: unknown) =>
      this.#broke(failureCode(error), 'renew'),
    )
  }

  #renewed(urls: readonly StreamUrl[]): void {
    this.#fresh = urls.find(({ transport }) => transport === this.getState().current?.transport)
    if (this.#fresh) this.#point(this.#fresh.url)
  }

  #point(url: string): void {
    this.#feed.point(url)
    this.#store.set({ baseUrl: url })
  }

  /** A source that has tried to mend itself would only break again. */
  #sourceBroke(code: FailureCode): void {
    const isPicture = code === 'cannot_play' && this.#keeper.mode === 'steady'
    if (isPicture && this.#screen.source?.mend()) return
    const isHls = this.#lease.ready?.plan.resource !== undefined
    this.#broke(code, isPicture && isHls ? 'lower' : undefined)
  }

  #broke(code: FailureCode, startAt?: Step): void {
    this.#reason = code === 'timed_out' ? 'stalled' : code === 'cannot_play' ? 'error' : 'agent_gone'
    this.#keeper.tell({ type: 'broke', code, nowMs: Date.now(), ...(startAt !== undefined && { startAt }) })
  }
}
