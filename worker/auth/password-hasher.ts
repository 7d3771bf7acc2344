/** The Durable Object that hashes passwords: off the request's CPU budget, one at a time, with a bounded queue. */
import { DurableObject } from 'cloudflare:workers'
import type { ErrorData } from '#protocol/errors.ts'
import { hashPassword, type PasswordCheck, verifyPassword } from './password-hash.ts'

/** Hashes that may wait. One takes about 0.2 s and 16 MiB, so the last in line waits some three seconds. */
export const HASH_QUEUE = 16

/** An error is data across a Durable Object call. */
export type Hashed<Value> = { ok: true; value: Value } | { ok: false; error: ErrorData }

const busy: ErrorData = { code: 'busy', message: 'Many people are signing in right now. Please try again in a moment.' }

export class PasswordHasher extends DurableObject {
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  hash(password: string): Promise<Hashed<string>> {
    return this.#inTurn(() => hashPassword(password))
  }

  /** `stored` is null for an account that does not exist: the same work is done, and the answer is no. */
  verify(password: string, stored: string | null): Promise<Hashed<PasswordCheck>> {
    return this.#inTurn(() => verifyPassword(password, stored))
  }

  /** scrypt blocks this object's thread, so between two of them others are let in, to be counted or refused. */
  async #inTurn<Value>(work: () => Value): Promise<Hashed<Value>> {
    if (this.#waiting >= HASH_QUEUE) return { ok: false, error: busy }
    this.#waiting++
    const turn = this.#last.then(() => scheduler.wait(0)).then(work)
    this.#last = turn.catch(() => undefined)
    try {
      return { ok: true, value: await turn }
    } finally {
      this.#waiting--
    }
  }
}
