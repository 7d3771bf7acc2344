/** Who may be watching now: admits tokens, and ends responses that run when their lease ends or is revoked. */
import { AppError } from '#protocol/errors.ts'
import type { StreamClaims } from '#protocol/stream-token.ts'
import type { Lease, StreamState } from '../state/stream-state.ts'
import { leaseAfter, validUntil } from './lease-rules.ts'

/** Clocks are set by whole seconds: a token that is this little too early is not. */
const EARLY_SECONDS = 5
/** A long wait is taken in steps, so that a clock that was set meanwhile is noticed, in milliseconds. */
const LONGEST_TIMER = 60_000

export type Admission = {
  /** Aborted when the lease ends or is revoked. */
  signal: AbortSignal
  /** To be called when the response is over. */
  release(): void
}

type Running = { claims: StreamClaims; abort: AbortController; timer?: NodeJS.Timeout }

export class Leases {
  readonly #state: StreamState
  readonly #now: () => number
  readonly #leases: Map<string, Lease>
  readonly #revoked: Set<string>
  readonly #running = new Map<string, Set<Running>>()

  /** `now` is epoch seconds by the edge's clock. */
  constructor(state: StreamState, now: () => number) {
    this.#state = state
    this.#now = now
    state.tidy(now())
    this.#leases = new Map(state.leases().map((lease) => [lease.streamId, lease]))
    this.#revoked = new Set(state.revoked())
  }

  /** Throws `token_revoked`, `token_expired`, or `token_invalid` for one that is not valid yet. */
  admit(claims: StreamClaims): Admission {
    const { streamId } = claims
    const now = this.#now()
    if (this.#revoked.has(streamId)) throw revoked()
    if (claims.notBefore > now + EARLY_SECONDS) throw new AppError('token_invalid', 'This link is not valid yet.')
    const lease = this.#leases.get(streamId)
    if (validUntil(lease, claims) <= now) throw expired()
    // Only a token that is itself still good may extend the lease.
    if (claims.expiresAt > now) this.#keep(lease, leaseAfter(lease, claims))
    return this.#run(claims)
  }

  /** Whether anything is being played just now. */
  get isAnyRunning(): boolean {
    return this.#running.size > 0
  }

  /** The streams that somebody watches now: something is being sent for each. */
  get watched(): ReadonlySet<string> {
    return new Set(this.#running.keys())
  }

  /** The viewer has left: the lease is forgotten, and what runs for it ends. */
  close(streamId: string): void {
    this.#forget(streamId)
    this.#end(streamId, new AppError('token_expired', 'The viewer has left.'))
  }

  revoke(streamIds: readonly string[]): void {
    this.#state.revoke(streamIds, this.#now())
    for (const streamId of streamIds) this.#revokeOne(streamId)
  }

  /** The edge's whole list: it replaces what was known. */
  replaceRevoked(streamIds: readonly string[]): void {
    this.#state.replaceRevoked(streamIds, this.#now())
    this.#revoked.clear()
    for (const streamId of streamIds) this.#revokeOne(streamId)
  }

  /** Ends everything: the agent stops, or is not one of the household's any more. */
  endAll(): void {
    for (const streamId of [...this.#running.keys()]) this.#end(streamId, revoked())
  }

  #revokeOne(streamId: string): void {
    this.#revoked.add(streamId)
    this.#forget(streamId)
    this.#end(streamId, revoked())
  }

  #keep(before: Lease | undefined, after: Lease): void {
    if (before && before.counter === after.counter && before.expiresAt === after.expiresAt) return
    this.#leases.set(after.streamId, after)
    this.#state.saveLease(after)
  }

  #forget(streamId: string): void {
    if (this.#leases.delete(streamId)) this.#state.deleteLease(streamId)
  }

  #run(claims: StreamClaims): Admission {
    const running: Running = { claims, abort: new AbortController() }
    const others = this.#running.get(claims.streamId) ?? new Set()
    this.#running.set(claims.streamId, others.add(running))
    this.#watch(running)
    return {
      signal: running.abort.signal,
      release: () => {
        clearTimeout(running.timer)
        others.delete(running)
        if (others.size === 0 && this.#running.get(claims.streamId) === others) this.#running.delete(claims.streamId)
      },
    }
  }

  #watch(running: Running): void {
    const left = (validUntil(this.#leases.get(running.claims.streamId), running.claims) - this.#now()) * 1000
    if (left <= 0) {
      running.abort.abort(expired())
    } else {
      running.timer = setTimeout(() => this.#watch(running), Math.min(left, LONGEST_TIMER))
      running.timer.unref()
    }
  }

  #end(streamId: string, reason: AppError): void {
    for (const running of [...(this.#running.get(streamId) ?? [])]) {
      clearTimeout(running.timer)
      running.abort.abort(reason)
    }
    this.#running.delete(streamId)
  }
}

const expired = () => new AppError('token_expired', 'This link has expired. Go on from the film’s page.')
const revoked = () => new AppError('token_revoked', 'This viewing was ended. Sign in again, or start the film anew.')
