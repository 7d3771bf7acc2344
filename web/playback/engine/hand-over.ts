/** Lets a film go on from another agent of the household before anybody notices: theirs asks to be left, or is gone. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { MoveBody } from '../../api.ts'
import type { StreamLease } from './stream-lease.ts'

/** Twice: when the page itself stood still for a while, the first look finds nothing though the answer is there. */
const LOOK_MS = 350
const LOOKS = 2
/** Nobody could take it: it is not asked for at every beat. */
const AGAIN_AFTER_MS = 10_000

type About = {
  lease: Pick<StreamLease, 'ready' | 'way' | 'moveOn'>
  positionSeconds: () => number
  wish: () => PlayWish
  /** Another agent has it. `isSame`: what the player holds stays good, and what was under way goes on. */
  onMoved: (isSame: boolean) => void
}

export class HandOver {
  #about: About
  #going: Promise<boolean> | undefined
  #failedMs = Number.NEGATIVE_INFINITY
  #closed = new AbortController()

  constructor(about: About) {
    this.#about = about
  }

  /** Whether there is anybody else: without, a home that is silent for a moment is waited for. */
  get isPossible(): boolean {
    return (this.#about.lease.ready?.otherAgents ?? 0) > 0
  }

  /** Nothing is heard of home. It is asked for one byte, and left when that does not come soon. */
  async suspect(): Promise<void> {
    const { way } = this.#about.lease
    if (!this.isPossible || !way || this.#going) return
    let answers = false
    const asked = way.doubt().then(
      () => {
        answers = true
      },
      () => undefined,
    )
    for (let looks = 0; looks < LOOKS && !answers; looks++) await Promise.race([asked, pause(LOOK_MS)])
    if (!answers && way === this.#about.lease.way) await this.begin('agent_gone')
  }

  /** Resolves with whether the film goes on elsewhere. */
  begin(reason: Extract<MoveBody['reason'], 'agent_gone' | 'draining'>): Promise<boolean> {
    if (performance.now() - this.#failedMs < AGAIN_AFTER_MS) return Promise.resolve(false)
    this.#going ??= this.#move(reason).finally(() => {
      this.#going = undefined
    })
    return this.#going
  }

  close(): void {
    this.#closed.abort()
  }

  async #move(reason: MoveBody['reason']): Promise<boolean> {
    const { lease, positionSeconds, wish, onMoved } = this.#about
    const { signal } = this.#closed
    try {
      const wanted = { reason, atSeconds: positionSeconds(), wish: wish() }
      const isSame = await lease.moveOn(wanted, { signal, onStage: () => undefined })
      if (signal.aborted) return false
      onMoved(isSame)
      return true
    } catch {
      // It stays where it is: if it breaks there, it is brought back as ever.
      this.#failedMs = performance.now()
      return false
    }
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))
