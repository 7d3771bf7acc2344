/** One film being watched: wires what feeds the video element to what brings the film back whenever it breaks. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { MoveBody } from '../../api.ts'
import { type FailureCode, failureCode } from '../../failure.ts'
import { followNetwork } from '../transports/follow-network.ts'
import { answerElement } from '../transports/service-worker/answer-element.ts'
import { StatusFeed } from '../transports/status-feed.ts'
import type { WayHome } from '../transports/way-home.ts'
import { HandOver } from './hand-over.ts'
import type { Step } from './keep-playing.ts'
import { Keeper } from './keeper.ts'
import { KnownKeyframes } from './known-keyframes.ts'
import { PlanWishes } from './plan-wishes.ts'
import { PlaybackWatch } from './playback-watch.ts'
import { aheadSeconds, playerLook } from './player-look.ts'
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
  #keyframes: KnownKeyframes
  #wishes: PlanWishes
  #run: RepairRun
  #handOver: HandOver
  #watch: PlaybackWatch | undefined
  #closed = new AbortController()
  #reason: MoveBody['reason'] = 'error'

  constructor(screen: Screen, titleId: string, startSeconds: number, wish: PlayWish = {}) {
    const store = this.#store
    const isSteady = () => this.#keeper.mode === 'steady'
    this.#screen = screen
    this.#lease = new StreamLease(titleId, {
      onRenewed: () => {
        store.setOthers(this.#lease.ready?.otherAgents)
        if (this.#lease.way) this.#point(this.#lease.way.url)
      },
      onWay: (way) => this.#follow(way),
      onLeaving: () => void this.#handOver.begin('draining'),
    })
    this.#feed = new StatusFeed({
      onStatus: (status) => {
        this.#run.heard()
        store.set({ status })
        if (status.isLeaving) void this.#handOver.begin('draining')
        this.#handOver.vpnIsAway(status.waiting === 'vpn')
      },
      onLate: () => {
        this.#lease.way?.suspect()
        void this.#handOver.suspect()
      },
      onSilence: () => {
        store.set({ status: undefined })
        // Perhaps only its way: where there is another, the film takes it before anybody notices.
        void this.#lease.way?.doubt().catch(() => undefined)
        void this.#handOver.suspect()
      },
    })
    this.#keeper = new Keeper({
      onChange: (keep) => store.set({ keep }),
      onStep: (step) => void this.#run.run(step, this.#reason),
    })
    const onNeedsPress = (needsPress: boolean) => store.set({ needsPress })
    this.#playhead = new Playhead({ screen, startSeconds, isSteady, onNeedsPress })
    this.#keyframes = new KnownKeyframes(screen.video)
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
    this.#handOver = new HandOver({
      lease: this.#lease,
      positionSeconds: () => this.positionSeconds,
      aheadSeconds: () => aheadSeconds(screen.video),
      wish: () => this.#wishes.wish,
      onMoved: (isSame) => this.#handedOver(isSame),
    })
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
    if ('serviceWorker' in navigator) answerElement(navigator.serviceWorker, signal)
    followNetwork(() => this.#lease.way?.networkChanged(), signal)
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

  /** For a place that was only pointed at: to a keyframe `withinSeconds` of it, which is shown sooner, or else there. */
  seekNear(seconds: number, withinSeconds: number): void {
    this.#playhead.seekTo(this.#keyframes.near(seconds, withinSeconds))
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
    this.#handOver.close()
    this.#watch?.close()
    this.#keeper.close()
    this.#keyframes.close()
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
    await this.#run.askHome().catch((error: unknown) => {
      if (!this.#closed.signal.aborted) this.#broke(failureCode(error), 'renew')
    })
  }

  /** Tells the screen of the way, and the way of the film. */
  #follow(way: WayHome): void {
    way.look = () => playerLook(this.#screen, this.getState())
    const hear = () => {
      if (this.#lease.way !== way) return
      this.#store.set({ way: way.getState() })
      // An element that reads a real address by itself does not change its way by itself either.
      const { source } = this.#screen
      if (this.#keeper.mode === 'steady' && source && !way.isInUse(source.streamUrl))
        this.#keeper.tell({ type: 'replanned', nowMs: Date.now() })
    }
    way.subscribe(hear)
    this.#store.set({ way: way.getState() })
  }

  #point(url: string): void {
    this.#feed.point(url)
    this.#store.set({ baseUrl: url })
    const { stream } = this.getState()
    if (stream) this.#keyframes.follow(stream, url)
  }

  /** A source that has tried to mend itself would only break again. */
  #sourceBroke(code: FailureCode): void {
    const isPicture = code === 'cannot_play' && this.#keeper.mode === 'steady'
    if (isPicture && this.#screen.source?.mend()) return
    const isHls = this.#lease.ready?.plan.resource !== undefined
    if (isPicture || !this.#handOver.isPossible) {
      this.#broke(code, isPicture && isHls ? 'lower' : undefined)
      return
    }
    // No bytes came: another agent may have them, and what is buffered plays meanwhile.
    void this.#handOver.broke().then((isMoved) => {
      if (this.#closed.signal.aborted || (isMoved && this.#screen.source?.goOn())) return
      this.#broke(code)
    })
  }

  /** The film comes from another agent now. What the element cannot go on with is shown anew, at the same place. */
  #handedOver(isSame: boolean): void {
    const { ready, way } = this.#lease
    this.#store.set({ stream: ready, repairs: this.getState().repairs + 1 })
    if (isSame && way) {
      this.#run.heard()
      this.#point(way.url)
    } else this.#keeper.tell({ type: 'replanned', nowMs: Date.now() })
  }

  #broke(code: FailureCode, startAt?: Step): void {
    this.#reason = code === 'timed_out' ? 'stalled' : code === 'cannot_play' ? 'error' : 'agent_gone'
    this.#keeper.tell({ type: 'broke', code, nowMs: Date.now(), ...(startAt !== undefined && { startAt }) })
  }
}
