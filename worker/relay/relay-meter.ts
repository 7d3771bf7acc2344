/** The Durable Object that keeps the relay's limits for the whole household: its streams ask it for every second's bytes. */
import { DurableObject } from 'cloudflare:workers'
import type { Bindings } from '../env.ts'
import { readRelayLimits } from '../playback/relay-limits.ts'
import { type Bucket, fullBucket, hasRoom, take } from './token-bucket.ts'

/** Somebody who asked for nothing for so long does not watch any more. */
const WATCHES_MS = 30_000
const MOST_VIEWERS = 1000

/** Only where a limit is set is it asked at all. What it knows is of the last seconds: it keeps nothing. */
export class RelayMeter extends DurableObject<Bindings> {
  readonly #seenMs = new Map<string, number>()
  readonly #viewers = new Map<string, Bucket>()
  #household: Bucket | undefined

  /** False when the household's limit has no share left for one more viewer. Who watches already stays. */
  enter(personId: string): boolean {
    const nowMs = Date.now()
    this.#forget(nowMs)
    const { household } = readRelayLimits(this.env)
    if (!this.#seenMs.has(personId) && !hasRoom(this.#seenMs.size, household)) return false
    this.#seenMs.set(personId, nowMs)
    return true
  }

  /** Takes bytes for a viewer. Resolves with the milliseconds after which they may pass. */
  take(personId: string, bytes: number): number {
    const nowMs = Date.now()
    const { household, viewer } = readRelayLimits(this.env)
    this.#seenMs.set(personId, nowMs)
    let waitMs = 0
    if (viewer !== undefined) {
      const taken = take(this.#viewers.get(personId) ?? fullBucket(viewer, nowMs), viewer, bytes, nowMs)
      this.#viewers.set(personId, taken.bucket)
      waitMs = taken.waitMs
    }
    if (household !== undefined) {
      const taken = take(this.#household ?? fullBucket(household, nowMs), household, bytes, nowMs)
      this.#household = taken.bucket
      waitMs = Math.max(waitMs, taken.waitMs)
    }
    return waitMs
  }

  #forget(nowMs: number): void {
    for (const [personId, seenMs] of this.#seenMs) {
      if (seenMs > nowMs - WATCHES_MS && this.#seenMs.size <= MOST_VIEWERS) continue
      this.#seenMs.delete(personId)
      this.#viewers.delete(personId)
    }
  }
}

export const meterOf = (env: Pick<Bindings, 'RELAY_METER'>) =>
  env.RELAY_METER.get(env.RELAY_METER.idFromName('household'))
