/** One film being watched: wires what feeds the video element to what brings the film back whenever it breaks. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { MoveBody } from '../../api.ts'
import { type FailureCode, failureCode } from '../../failure.ts'
import { StatusFeed } from '../transports/status-feed.ts'
import type { Step } from './keep-playing.ts'
import { Keeper } from './keeper.ts'
import { PlanWishes } from './plan-wishes.ts'
import { PlaybackWatch } from './playback-watch.ts'
import { Playhead } from './playhead.ts'
import { RepairRun } from './repair-run.ts'
import type { Screen } from './screen.ts'
import { mediaFailure } from './sources/await-beginning.ts'
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
  #playhead: Playhead
  #wishes: PlanWishes
  #run: RepairRun
  #watch: PlaybackWatch | undefined
  #closed = new AbortController()
  #reason: MoveBody['reason'] = 'error'

  constructor(screen: Screen, titleId: string, startSeconds: number, wish: PlayWish = {}) {
    const store = this.#store
    const isSteady = () => this.#keeper.mode === 'steady'
    this.#screen = screen
    this.#lease = new StreamLease(titleId, (urls) => this.#run.renewed(urls))
    this.#feed = new StatusFeed({
      onStatus: (status) => {
        this.#run.heard()
        store.set({ status })
      },
      onSilence: () => store.set({ status: undefined }),
    })
    this.#keeper = new Keeper({
      onChange: (keep) => store.set({ keep }),
      onStep: (step) => void this.#run.run(step, this.#reason),
    })
    const onNeedsPress = (needsPress: boolean) => store.set({ needsPress })
    this.#playhead = new Playhead({ screen, startSeconds, isSteady, onNeedsPress })
    const shared = { screen, store, lease: this.#lease }
    this.#wishes = new PlanWishes(
      {
        ...shared,
        isSteady,
        positionSeconds: () => this.positionSeconds,
        asking: () => this.#run.asking(),
        onReplanned: () => this.#keeper.tell({ type: 'replanned', nowMs: Date.now() }),
      },
      wish,
    )
    this.#run = new RepairRun({
      ...shared,
      playhead: this.#playhead,
      wishes: this.#wishes,
      onUrl: (url) => this.#point(url),
      onWorked: (isResuming) => {
        this.#watch?.repaired(isResuming)
        this.#keeper.tell({ type: 'worked' })
      },
      onFailed: (code) => this.#keeper.tell({ type: 'step_failed', code, nowMs: Date.now() }),
      onBroke: (code) => this.#sourceBroke(code),
    })
  }

  /** Where the film stands, also while a new source is being fetched. */
  get positionSeconds(): number {
    return this.#playhead.positionSeconds
  }

  get wantsToPlay(): boolean {
    return this.#playhead.wantsToPlay
  }

  get bitsPerSecond(): number | undefined {
    return this.#screen.source?.bitsPerSecond()
  }

  start(): void {
    const { signal } = this.#closed
    const { video } = this.#screen
    video.addEventListener('error', () => this.#sourceBroke(failureCode(mediaFailure(video))), { signal })
    video.addEventListener('canplay', () => this.#store.set({ isFrozen: false }), { signal })
    // Bytes came by the browser's own retries, or the network is back: no need to rest any longer.
    video.addEventListener('canplay', this.#keeper.nudge, { signal })
    addEventListener('online', this.#keeper.nudge, { signal })
    addEventListener('pagehide', () => this.#lease.giveBack(), { signal })
    // Back from the browser's page cache: the stream was given back when the page was left.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#broke('token_revoked', 'open'), { signal })
    this.#playhead.follow(signal)
    this.#watch = new PlaybackWatch(video, {
      wanted: () => this.#wanted(),
      onStall: (action) => (action === 'ask' ? void this.#askHome() : this.#broke('timed_out', action)),
      onTrouble: (trouble) => void this.#wishes.lower(trouble),
      onHeld: () => this.#keeper.tell({ type: 'progressed' }),
    })
    void this.#run.run('open', this.#reason)
  }

  play(): void {
    this.#playhead.play()
  }

  pause(): void {
    this.#playhead.pause()
  }

  seekTo(seconds: number): void {
    this.#playhead.seekTo(seconds)
  }

  chooseAudio(trackId: number): Promise<void> {
    return this.#wishes.chooseAudio(trackId)
  }

  /** Undefined: what suits the screen and the line. */
  chooseQuality(heightPixels: number | undefined): Promise<void> {
    return this.#wishes.chooseQuality(heightPixels)
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
    this.#run.close()
    this.#watch?.close()
    this.#keeper.close()
    this.#feed.close()
    this.#lease.close()
    this.#screen.close()
  }

  #wanted() {
    const { status, stream } = this.getState()
    if (this.#keeper.mode !== 'steady') return undefined
    const hasSound = (stream?.tracks.audio.length ?? 0) > 0
    return { wantsToPlay: this.wantsToPlay, heardMs: this.#run.heardMs, isSilent: status === undefined, hasSound }
  }

  /** A stall may be slow peers or a dead home: one byte tells. */
  async #askHome(): Promise<void> {
    const { current } = this.getState()
    if (!current) return
    await this.#run
      .choose([current], this.#closed.signal)
      .catch((error: unknown) => this.#broke(failureCode(error), 'renew'))
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
