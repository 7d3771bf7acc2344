/** The Durable Object that counts guesses: exact, one object for each account and for each address. */
import { DurableObject } from 'cloudflare:workers'
import * as z from 'zod'
import type { Bindings } from '../../env.ts'
import { type GuardRule, guardRules } from './guard-rules.ts'
import { type Admission, admit, type Bucket, begun, emptyBucket, ended, type Outcome } from './throttle.ts'

/** One bucket of an object: the rule it lives by, and whom it is about where there are several (an address, a device). */
export type BucketName = { rule: GuardRule; about?: string }

const Stored = z.object({ failures: z.int(), failedAtMs: z.number() })

const keyOf = ({ rule, about = '' }: BucketName) => `${rule}:${about}`
const DAY_MS = 24 * 3600 * 1000

/**
 * What is under way is kept in memory alone: were the object put away in between, a guess would be forgiven, not
 * blamed. Only wrong guesses are written, so that an evening of right ones costs no row.
 */
export class Guard extends DurableObject<Bindings> {
  readonly #pending = new Map<string, number>()

  /** Admits only when every bucket does; then all of them count the guess until `settle`. */
  take(names: BucketName[], nowMs: number): Admission {
    for (const name of names) {
      const answer = admit(this.#read(name), guardRules[name.rule], nowMs)
      if (!answer.admitted) return answer
    }
    for (const name of names) this.#pending.set(keyOf(name), begun(this.#read(name)).pending)
    return { admitted: true }
  }

  async settle(names: BucketName[], outcome: Outcome, nowMs: number): Promise<void> {
    for (const name of names) {
      const before = this.#read(name)
      const { failures, failedAtMs, pending } = ended(before, outcome, guardRules[name.rule], nowMs)
      const key = keyOf(name)
      if (pending === 0) this.#pending.delete(key)
      else this.#pending.set(key, pending)
      if (failures === 0 && before.failures > 0) this.ctx.storage.kv.delete(key)
      if (failures > 0 && failures !== before.failures) this.ctx.storage.kv.put(key, { failures, failedAtMs })
    }
    if (outcome === 'failed') await this.ctx.storage.setAlarm(nowMs + 2 * DAY_MS)
  }

  /** Nobody has guessed wrong for two days: nothing of it is worth keeping. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  #read(name: BucketName): Bucket {
    const key = keyOf(name)
    const stored = Stored.safeParse(this.ctx.storage.kv.get(key))
    return { ...emptyBucket, ...(stored.success && stored.data), pending: this.#pending.get(key) ?? 0 }
  }
}
