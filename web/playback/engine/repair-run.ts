/** One step of bringing a film back: URLs by that step, a transport that answers, the source begun, and what came of it. */
import type { MoveBody } from '../../api.ts'
import { CannotPlay, type FailureCode, failureCode } from '../../failure.ts'
import { addressFor } from '../transports/address-for.ts'
import type { WayHome } from '../transports/way-home.ts'
import type { Step } from './keep-playing.ts'
import type { PlanWishes } from './plan-wishes.ts'
import type { Playhead } from './playhead.ts'
import type { Screen } from './screen.ts'
import type { Asking, StreamLease } from './stream-lease.ts'
import type { ViewingStore } from './viewing-state.ts'

type About = {
  screen: Screen
  lease: StreamLease
  store: ViewingStore
  playhead: Playhead
  wishes: PlanWishes
  /** The stream's address for this page. */
  onUrl: (url: string) => void
  /** The film's beginning is there. `isResuming`: the element goes on with what it held. */
  onWorked: (isResuming: boolean) => void
  onFailed: (code: FailureCode) => void
  /** The source broke after its beginning was there. */
  onBroke: (code: FailureCode) => void
}

export class RepairRun {
  #about: About
  #attempt = new AbortController()
  #heardMs = 0

  constructor(about: About) {
    this.#about = about
  }

  /** When home last answered. */
  get heardMs(): number {
    return this.#heardMs
  }

  heard(): void {
    this.#heardMs = Date.now()
  }

  /** How home is asked in the attempt under way; a newer one ends it. */
  asking(): Asking {
    return { signal: this.#attempt.signal, onStage: (stage) => this.#about.store.set({ stage }) }
  }

  /** `reason` is told to home when it is asked to move the stream. The step before this one is given up. */
  async run(step: Step, reason: MoveBody['reason']): Promise<void> {
    const { playhead, lease } = this.#about
    this.#attempt.abort()
    this.#attempt = new AbortController()
    const { signal } = this.#attempt
    try {
      const way = await this.#ask(step, reason)
      const isResuming = step === 'resume' && (await this.#resume(way, signal))
      if (!isResuming) await this.#loadByWhatAnswers(way, signal)
      way.begun()
      playhead.goOn()
      this.#tell(step)
      this.#about.onUrl(way.url)
      this.#about.onWorked(isResuming)
    } catch (error) {
      if (signal.aborted) return
      const code = failureCode(error)
      if (step !== 'open' || !lease.wasPrepared || code === 'cannot_play') return this.#about.onFailed(code)
      // Home may be elsewhere since: it is asked once more before anybody is told.
      lease.giveBack()
      await this.run('open', reason)
    }
  }

  /** One byte is asked for by the way in use. Throws when home refuses it, or cannot be reached by any. */
  async askHome(): Promise<void> {
    await this.#about.lease.way?.doubt()
    this.heard()
  }

  close(): void {
    this.#attempt.abort()
  }

  async #ask(step: Step, reason: MoveBody['reason']): Promise<WayHome> {
    const { lease, playhead, wishes } = this.#about
    const asking = this.asking()
    const atSeconds = playhead.positionSeconds
    if (step === 'open') await lease.open(atSeconds, wishes.wish, asking)
    if (step === 'renew') await lease.renew(asking.signal)
    if (step === 'move') await lease.move({ reason, atSeconds, wish: wishes.wish }, asking)
    if (step === 'lower') await wishes.lowerNow(asking)
    asking.signal.throwIfAborted()
    if (!lease.way) throw new CannotPlay('Nothing was opened.')
    return lease.way
  }

  /** Whether the element goes on by itself, when home answers; else it has to be loaded anew. */
  async #resume(way: WayHome, signal: AbortSignal): Promise<boolean> {
    if (way.getState().transport === undefined) await way.choose(signal)
    else await way.doubt()
    signal.throwIfAborted()
    this.heard()
    return this.#about.screen.goesOnWith(way)
  }

  /**
   * The film is loaded by the best way while all are asked, for it is nearly always the one that answers. Not while the
   * element still plays what it holds, which would be lost for a home that is away.
   */
  async #loadByWhatAnswers(way: WayHome, signal: AbortSignal): Promise<void> {
    if (this.#about.screen.source) {
      await way.choose(signal)
      this.heard()
      return this.#load(way, await this.#addressBy(way, signal), signal)
    }
    const early = new AbortController()
    const choosing = way.choose(signal)
    choosing.catch(() => undefined)
    try {
      const address = await this.#addressBy(way, signal)
      const loading = this.#load(way, address, AbortSignal.any([signal, early.signal]))
      // A film that has begun has answered. One that does not begin says less than whoever is asked.
      await Promise.race([loading.catch(() => choosing), choosing])
      if (way.isInUse(address)) await loading
      else {
        early.abort()
        await this.#load(way, await this.#addressBy(way, signal), signal)
      }
      this.heard()
    } catch (error) {
      early.abort()
      throw error
    }
  }

  async #addressBy(way: WayHome, signal: AbortSignal): Promise<string> {
    const { ready } = this.#about.lease
    if (!ready) throw new CannotPlay('Nothing was opened.')
    return addressFor(way, ready.plan, signal)
  }

  async #load(way: WayHome, address: string, signal: AbortSignal): Promise<void> {
    const { screen, lease, store, playhead, wishes, onBroke } = this.#about
    const { ready } = lease
    if (!ready) throw new CannotPlay('Nothing was opened.')
    store.set({ isFrozen: store.getState().stream !== undefined })
    await screen.show(ready, address, {
      atSeconds: playhead.positionSeconds,
      // Only then is the pace of bytes the line's.
      isWholeAtHome: () => store.getState().status?.state === 'complete' && ready.plan.mode === 'remux',
      onBroke,
      signal,
    })
    if (way === lease.way) lease.wayIsTaken()
    wishes.chooseAgain()
  }

  #tell(step: Step): void {
    const { store, lease, wishes } = this.#about
    const { stream, repairs } = store.getState()
    const { ready } = lease
    store.set({
      stream: ready,
      repairs: repairs + (stream === undefined || step === 'switch' ? 0 : 1),
      audioTrackId: wishes.wish.audioTrackId ?? ready?.plan.audioTrackId ?? ready?.tracks.audio[0]?.id,
      chosenHeightPixels: wishes.heightPixels,
    })
  }
}
