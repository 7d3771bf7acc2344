/** What is wished of the plan: another sound, another picture, one rung lower; granted by the source here or by home. */
import type { PlayWish } from '#protocol/play-plan.ts'
import { CannotPlay, failureCode } from '../../failure.ts'
import { nextWish } from './next-wish.ts'
import type { Screen } from './screen.ts'
import type { Asking, StreamLease } from './stream-lease.ts'
import type { ViewingStore } from './viewing-state.ts'

type About = {
  screen: Screen
  lease: StreamLease
  store: ViewingStore
  positionSeconds: () => number
  isSteady: () => boolean
  /** How home is asked beside the film; ends with the attempt under way. */
  asking: () => Asking
  /** Home has agreed to another plan for a film that plays. */
  onReplanned: () => void
}

export class PlanWishes {
  #about: About
  #wish: PlayWish
  /** A height that was chosen among those of the plan, which home therefore knows nothing of. */
  #heightHere: number | undefined

  constructor(about: About, wish: PlayWish) {
    this.#about = about
    this.#wish = wish
  }

  get wish(): PlayWish {
    return this.#wish
  }

  /** Chosen by hand; undefined: chosen for the person. */
  get heightPixels(): number | undefined {
    return this.#wish.mostHeightPixels ?? this.#heightHere
  }

  /** Without a gap where the source holds that sound, else by another plan at the same place. */
  async chooseAudio(trackId: number): Promise<void> {
    const { screen, store } = this.#about
    const wish = { ...this.#wish, audioTrackId: trackId }
    if (!screen.source?.setAudio(trackId)) return this.#replan('chosen', wish)
    this.#wish = wish
    store.set({ audioTrackId: trackId, notice: undefined })
  }

  /** Undefined: what suits the screen and the line. */
  async chooseQuality(heightPixels: number | undefined): Promise<void> {
    const { screen, store } = this.#about
    const { mostHeightPixels, ...rest } = this.#wish
    const wish = heightPixels === undefined ? rest : { ...rest, mostHeightPixels: heightPixels }
    const isHere = mostHeightPixels === undefined && screen.source?.setHeight(heightPixels) === true
    this.#heightHere = isHere ? heightPixels : undefined
    if (!isHere) return this.#replan('chosen', wish)
    store.set({ chosenHeightPixels: heightPixels, notice: undefined })
  }

  /** A source that begins anew begins with what its playlist names first: what was chosen within it is chosen again. */
  chooseAgain(): void {
    const { source } = this.#about.screen
    const { audioTrackId } = this.#wish
    const isFirst = audioTrackId === this.#about.lease.ready?.plan.audioTrackId
    if (audioTrackId !== undefined && !isFirst) source?.setAudio(audioTrackId)
    if (this.#heightHere !== undefined && !source?.setHeight(this.#heightHere)) this.#heightHere = undefined
  }

  /** The film runs, but not as it should; when home has nothing better it goes on like this. */
  async lower(trouble: 'silent' | 'slow'): Promise<void> {
    const { ready } = this.#about.lease
    const wish = ready && nextWish(this.#wish, ready.plan, trouble)
    if (wish) await this.#replan('cannot_decode', wish)
  }

  /** The film does not run: a plan one rung lower, in the attempt that `asking` belongs to. Throws CannotPlay below the last. */
  async lowerNow(asking: Asking): Promise<void> {
    const { lease, positionSeconds } = this.#about
    const wish = lease.ready && nextWish(this.#wish, lease.ready.plan, 'decode')
    if (!wish) throw new CannotPlay('Every way was tried.')
    await lease.move({ reason: 'cannot_decode', atSeconds: positionSeconds(), wish }, asking)
    this.#wish = wish
  }

  /** Asks for another plan while the film goes on; a refusal leaves it as it is and is said beside it. */
  async #replan(reason: 'chosen' | 'cannot_decode', wish: PlayWish): Promise<void> {
    const { lease, store, positionSeconds, isSteady, onReplanned } = this.#about
    if (!isSteady() || store.getState().isReplanning) return
    const asking = this.#about.asking()
    store.set({ isReplanning: true, notice: undefined })
    try {
      await lease.move({ reason, atSeconds: positionSeconds(), wish }, asking)
      this.#wish = wish
      onReplanned()
    } catch (error) {
      if (!asking.signal.aborted) store.set({ notice: failureCode(error) })
    } finally {
      store.set({ isReplanning: false })
    }
  }
}
