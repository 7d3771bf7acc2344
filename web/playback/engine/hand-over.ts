/** Lets a film go on from another agent of the household before anybody notices: theirs asks to be left, or is gone. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { MoveBody } from '../../api.ts'
import type { WayHome } from '../transports/way-home.ts'
import type { StreamLease } from './stream-lease.ts'

/** Twice: when the page itself stood still for a while, the first look finds nothing though the answer is there. */
const LOOK_MS = 350
const LOOKS = 2
const MOST_WAYS = 3
/** Nobody could take it: it is not asked for at every beat. */
const AGAIN_AFTER_MS = 10_000
/** What breaks so soon after a move was asked of the agent that was left. */
const ASKED_BEFORE_MS = 1000
/** A VPN that only connects anew is back by then, and the film has not noticed. */
const VPN_WAIT_MS = 5000
/** Who holds less does not wait for that. */
const VPN_LEAST_AHEAD_SECONDS = 10
/** While a VPN stays away others are asked less and less often: perhaps theirs is the same. */
const VPN_LONGEST_REST_MS = 300_000

type About = {
  lease: Pick<StreamLease, 'ready' | 'way' | 'moveOn'>
  positionSeconds: () => number
  /** Seconds of film that the player holds beyond this moment. */
  aheadSeconds: () => number
  wish: () => PlayWish
  /** Another agent has it. `isSame`: what the player holds stays good, and what was under way goes on. */
  onMoved: (isSame: boolean) => void
}

export class HandOver {
  #about: About
  #going: Promise<boolean> | undefined
  #failedMs = Number.NEGATIVE_INFINITY
  #movedMs = Number.NEGATIVE_INFINITY
  #moves = 0
  /** Since when home waits for its VPN, and how long the rest after the last try was. */
  #vpn: { sinceMs: number; askAgainMs: number; restMs: number } | undefined
  #closed = new AbortController()

  constructor(about: About) {
    this.#about = about
  }

  /** Whether there is anybody else: without, a home that is silent for a moment is waited for. Who was left may be back. */
  get isPossible(): boolean {
    return this.#moves > 0 || (this.#about.lease.ready?.otherAgents ?? 0) > 0
  }

  /** Nothing is heard of home. It is asked for one byte, and left when that does not come soon. */
  async suspect(): Promise<void> {
    const { way } = this.#about.lease
    if (!this.isPossible || !way || this.#going) return
    const moves = this.#moves
    let answers = false
    const asked = answersByAny(way).then(
      () => {
        answers = true
      },
      () => undefined,
    )
    for (let looks = 0; looks < LOOKS && !answers; looks++) await Promise.race([asked, pause(LOOK_MS)])
    // What was suspected of one agent says nothing of the one that has the film since.
    if (!answers && way === this.#about.lease.way && moves === this.#moves) await this.begin('agent_gone')
  }

  /** Told with every status: while home waits for its VPN nothing is fetched there, but perhaps elsewhere. */
  vpnIsAway(isAway: boolean): void {
    if (!isAway) {
      this.#vpn = undefined
      return
    }
    const nowMs = performance.now()
    this.#vpn ??= { sinceMs: nowMs, askAgainMs: nowMs, restMs: AGAIN_AFTER_MS }
    const { sinceMs, askAgainMs, restMs } = this.#vpn
    const canWait = nowMs - sinceMs < VPN_WAIT_MS && this.#about.aheadSeconds() >= VPN_LEAST_AHEAD_SECONDS
    if (!this.isPossible || canWait || nowMs < askAgainMs) return
    this.#vpn = { sinceMs, askAgainMs: nowMs + restMs, restMs: Math.min(VPN_LONGEST_REST_MS, restMs * 2) }
    void this.begin('draining')
  }

  /** The player could not load what it asked for. Resolves with whether it can be asked for elsewhere. */
  broke(): Promise<boolean> {
    return performance.now() - this.#movedMs < ASKED_BEFORE_MS ? Promise.resolve(true) : this.begin('agent_gone')
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
      this.#moves++
      this.#movedMs = performance.now()
      onMoved(isSame)
      return true
    } catch {
      // It stays where it is: if it breaks there, it is brought back as ever.
      this.#failedMs = performance.now()
      return false
    }
  }
}

/** When the way in use is lost, whatever stood ready is taken and may be as dead: it is asked, too. Throws as `doubt` does. */
async function answersByAny(way: Pick<WayHome, 'transport' | 'doubt'>): Promise<void> {
  for (let tries = 0; tries < MOST_WAYS; tries++) {
    const { transport } = way
    await way.doubt()
    if (way.transport === transport) return
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))
