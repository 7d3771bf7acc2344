/** One step of bringing a film back: URLs by that step, a transport that answers, the source begun, and what came of it. */
import type { StreamUrl } from '#protocol/stream-url.ts'
import type { MoveBody } from '../../api.ts'
import { CannotPlay, type FailureCode, failureCode } from '../../failure.ts'
import { chooseTransport } from '../transports/choose-transport.ts'
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
  /** The newest URL, which is not always the one that the element holds. */
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
  /** The newest URL of the transport in use; the element keeps the one it was given. */
  #fresh: StreamUrl | undefined

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
      const urls = await this.#urlsFor(step, reason)
      const resumed = step === 'resume' ? await this.#resume(urls, signal) : undefined
      const isResuming = resumed !== undefined
      const current = resumed ?? (await this.#loadWhatAnswers(urls, signal))
      playhead.goOn()
      this.#tell(step, current)
      if (!isResuming) this.#fresh = undefined
      this.#about.onUrl((this.#fresh ?? current).url)
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

  /** The first of these that answers. Throws when none does. */
  async choose(urls: readonly StreamUrl[], signal: AbortSignal): Promise<StreamUrl> {
    const chosen = await chooseTransport(urls, { fetch: (input, init) => fetch(input, init), signal })
    this.heard()
    return chosen
  }

  /** The lease was renewed. */
  renewed(urls: readonly StreamUrl[]): void {
    const { current } = this.#about.store.getState()
    this.#fresh = urls.find(({ transport }) => transport === current?.transport)
    if (this.#fresh) this.#about.onUrl(this.#fresh.url)
  }

  close(): void {
    this.#attempt.abort()
  }

  async #urlsFor(step: Step, reason: MoveBody['reason']): Promise<readonly StreamUrl[]> {
    const { lease, playhead, store, wishes } = this.#about
    const asking = this.asking()
    const atSeconds = playhead.positionSeconds
    if (step === 'open') return (await lease.open(atSeconds, wishes.wish, asking)).urls
    if (step === 'renew') return lease.renew(asking.signal)
    if (step === 'move') return (await lease.move({ reason, atSeconds, wish: wishes.wish }, asking)).urls
    if (step === 'switch') return lease.ready?.urls ?? []
    if (step === 'lower') return wishes.lowerNow(asking)
    return [store.getState().current, this.#fresh].filter((url) => url !== undefined)
  }

  /** What the element goes on with by itself, when home answers; undefined when it has to be loaded anew. */
  async #resume(urls: readonly StreamUrl[], signal: AbortSignal): Promise<StreamUrl | undefined> {
    const current = await this.choose(urls, signal)
    return this.#about.screen.goesOnWith(current.url) ? current : undefined
  }

  /**
   * The first URL is loaded while they are asked in turn, for it is nearly always the one that answers. Not while the
   * element still plays what it holds, which would be lost for a home that is away.
   */
  async #loadWhatAnswers(urls: readonly StreamUrl[], signal: AbortSignal): Promise<StreamUrl> {
    if (this.#about.screen.source) {
      const chosen = await this.choose(urls, signal)
      await this.#load(chosen, signal)
      return chosen
    }
    const [first] = urls
    const early = new AbortController()
    const choosing = this.choose(urls, signal)
    const loading = first ? this.#load(first, AbortSignal.any([signal, early.signal])) : choosing
    // A film that has begun has answered. One that does not begin says less than whoever is asked.
    const answered = loading.then(() => first).catch(() => choosing)
    try {
      const current = (await Promise.race([answered, choosing])) ?? (await choosing)
      if (current.url === first?.url) await loading
      else {
        early.abort()
        await this.#load(current, signal)
      }
      this.heard()
      return current
    } catch (error) {
      early.abort()
      throw error
    }
  }

  async #load({ url }: StreamUrl, signal: AbortSignal): Promise<void> {
    const { screen, lease, store, playhead, wishes, onBroke } = this.#about
    const { ready } = lease
    if (!ready) throw new CannotPlay('Nothing was opened.')
    store.set({ isFrozen: store.getState().stream !== undefined })
    await screen.show(ready, url, {
      atSeconds: playhead.positionSeconds,
      // Only then is the pace of bytes the line's.
      isWholeAtHome: () => store.getState().status?.state === 'complete' && ready.plan.mode === 'remux',
      onBroke,
      signal,
    })
    wishes.chooseAgain()
  }

  #tell(step: Step, current: StreamUrl): void {
    const { store, lease, wishes } = this.#about
    const { stream, repairs } = store.getState()
    const { ready } = lease
    store.set({
      current,
      stream: ready,
      repairs: repairs + (stream === undefined || step === 'switch' ? 0 : 1),
      audioTrackId: wishes.wish.audioTrackId ?? ready?.plan.audioTrackId ?? ready?.tracks.audio[0]?.id,
      chosenHeightPixels: wishes.heightPixels,
    })
  }
}
