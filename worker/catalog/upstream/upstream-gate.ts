/**
 * The Durable Object that every request to one service elsewhere passes: its pace, its Retry-After and its breaker are of
 * the household, not of one isolate. One object a service, by name.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Bindings } from '../../env.ts'
import { afterOutcome, closedBreaker, type Outcome, permitOf, probing } from './breaker.ts'
import { gone, nextGoMs, type Pace } from './pace.ts'

/** A person waits for it, or a task has time. */
export type Priority = 'person' | 'task'
/** `probe`: go, and tell how it went. `away`: do not ask now. `late`: its turn would come after the caller's patience. */
export type Admission = 'go' | 'probe' | 'away' | 'late'

type Waiting = { untilMs: number; done: (admission: Admission) => void }

/** All of it is in memory: put away, it forgets a pause of seconds, which the service would ask for again. */
export class UpstreamGate extends DurableObject<Bindings> {
  #pace: Pace = []
  #breaker = closedBreaker
  readonly #lines: Record<Priority, Waiting[]> = { person: [], task: [] }
  #timer: ReturnType<typeof setTimeout> | null = null

  /** Waits for its turn: people before tasks, each in order. */
  async enter(priority: Priority, perSecond: number, waitMs: number): Promise<Admission> {
    const { promise, resolve } = Promise.withResolvers<Admission>()
    this.#lines[priority].push({ untilMs: Date.now() + waitMs, done: resolve })
    this.#serve(perSecond)
    return promise
  }

  /** To be told of what went wrong, and of the answer to a probe; other answers need no word. */
  tell(outcome: Outcome): void {
    this.#breaker = afterOutcome(this.#breaker, outcome, Date.now())
  }

  state(): { isAway: boolean; waiting: number } {
    const waiting = this.#lines.person.length + this.#lines.task.length
    return { isAway: permitOf(this.#breaker, Date.now()) === 'away', waiting }
  }

  #serve(perSecond: number): void {
    clearTimeout(this.#timer)
    for (;;) {
      const nowMs = Date.now()
      const next = this.#lines.person[0] ?? this.#lines.task[0]
      if (next === undefined) return
      const goMs = nextGoMs(this.#pace, perSecond, nowMs)
      const permit = permitOf(this.#breaker, nowMs)
      if (permit !== 'away' && goMs > nowMs && goMs <= next.untilMs) {
        this.#timer = setTimeout(() => this.#serve(perSecond), goMs - nowMs)
        return
      }
      if (!this.#lines.person.shift()) this.#lines.task.shift()
      if (permit === 'away' || goMs > nowMs) {
        next.done(permit === 'away' ? 'away' : 'late')
        continue
      }
      if (permit === 'probe') this.#breaker = probing(this.#breaker, nowMs)
      this.#pace = gone(this.#pace, perSecond, nowMs)
      next.done(permit)
    }
  }
}
