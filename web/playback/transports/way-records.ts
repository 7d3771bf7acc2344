/** What each way home has shown so far: when it answered, how often it failed, how fast it was. */
import type { Transport } from '#protocol/stream-url.ts'
import type { Outcome } from './choose-transport.ts'
import { order, type WayRecord } from './when-to-try.ts'

/** A way that answered this long ago counts as ready. */
const READY_FOR_MS = 60_000
/** What is known of a line's pace is soon old. */
const PACE_FOR_MS = 60_000
/** Whatever fails within this has failed of one cause. */
const ONE_BREAK_MS = 3000
/** A way that carried a film this long is forgiven what was before. */
const FORGIVEN_AFTER_MS = 60_000

type Known = WayRecord & { answeredMs: number | undefined; pace: { bytesPerSecond: number; atMs: number } | undefined }

export class WayRecords {
  readonly #known = new Map<Transport, Known>()
  #tried: readonly Outcome[] = []
  #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** By transport, for the rules of when-to-try.ts. */
  get all(): ReadonlyMap<Transport, WayRecord> {
    return this.#known
  }

  /** How each way answered last, best way first. */
  get tried(): readonly Outcome[] {
    return this.#tried
  }

  note(outcome: Outcome): void {
    const { transport } = outcome
    if (outcome.outcome === 'answers') this.#of(transport).answeredMs = this.#nowMs()
    else this.failed(transport)
    this.#tried = [...this.#tried.filter((one) => one.transport !== transport), outcome].sort(
      (one, other) => order.indexOf(one.transport) - order.indexOf(other.transport),
    )
  }

  /** It failed, or was too slow for the film. */
  failed(transport: Transport): void {
    const known = this.#of(transport)
    const isSameBreak = known.failures > 0 && this.#nowMs() - known.failedMs < ONE_BREAK_MS
    const failures = known.failures + (isSameBreak ? 0 : 1)
    Object.assign(known, { failures, failedMs: this.#nowMs(), answeredMs: undefined })
  }

  isReady(transport: Transport): boolean {
    const { answeredMs } = this.#of(transport)
    return answeredMs !== undefined && this.#nowMs() - answeredMs < READY_FOR_MS
  }

  notePace(transport: Transport, bytesPerSecond: number): void {
    this.#of(transport).pace = { bytesPerSecond, atMs: this.#nowMs() }
  }

  paceOf(transport: Transport): number | undefined {
    const { pace } = this.#of(transport)
    return pace && this.#nowMs() - pace.atMs < PACE_FOR_MS ? pace.bytesPerSecond : undefined
  }

  /** It has carried the film since then. */
  carried(transport: Transport, sinceMs: number): void {
    const known = this.#of(transport)
    if (this.#nowMs() - Math.max(sinceMs, known.failedMs) >= FORGIVEN_AFTER_MS) known.failures = 0
  }

  /** This device is elsewhere now: what failed before says nothing any more. */
  forgiveAll(): void {
    for (const known of this.#known.values()) known.failures = 0
  }

  #of(transport: Transport): Known {
    const known = this.#known.get(transport) ?? { failures: 0, failedMs: 0, answeredMs: undefined, pace: undefined }
    this.#known.set(transport, known)
    return known
  }
}
