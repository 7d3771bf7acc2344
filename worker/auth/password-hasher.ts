/** The Durable Object that hashes passwords: off the request's CPU budget, one at a time, with a bounded queue. */
import { DurableObject } from 'cloudflare:workers'
import type { ErrorData } from '#protocol/errors.ts'
import type { Bindings } from '../env.ts'
import { deriveKey, readKeyring } from '../keyring.ts'
import { hashPassword, type PasswordCheck, type Pepper, verifyPassword } from './password-hash.ts'

/** Hashes that may wait. One takes about 0.2 s and 16 MiB, so the last in line waits some three seconds. */
export const HASH_QUEUE = 16

/** An error is data across a Durable Object call. */
export type Hashed<Value> = { ok: true; value: Value } | { ok: false; error: ErrorData }

const busy: ErrorData = { code: 'busy', message: 'Many people are signing in right now. Please try again in a moment.' }

export class PasswordHasher extends DurableObject<Bindings> {
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()
  #pepper: Promise<Pepper> | undefined

  /** `isShort`: it may only be used beside a second factor (password-hash.ts). */
  hash(password: string, isShort = false): Promise<Hashed<string>> {
    return this.#inTurn((pepper) => hashPassword(password, { pepper, isShort }))
  }

  /** `stored` is null for an account that does not exist: the same work is done, and the answer is no. */
  verify(password: string, stored: string | null): Promise<Hashed<PasswordCheck>> {
    return this.#inTurn((pepper) => verifyPassword(password, stored, { pepper }))
  }

  /** scrypt blocks this object's thread, so between two of them others are let in, to be counted or refused. */
  async #inTurn<Value>(work: (pepper: Pepper) => Value): Promise<Hashed<Value>> {
    if (this.#waiting >= HASH_QUEUE) return { ok: false, error: busy }
    this.#waiting++
    this.#pepper ??= peppersOf(this.env.KEYRING)
    const pepper = this.#pepper
    const turn = this.#last.then(() => scheduler.wait(0)).then(async () => work(await pepper))
    this.#last = turn.catch(() => undefined)
    try {
      return { ok: true, value: await turn }
    } finally {
      this.#waiting--
    }
  }
}

async function peppersOf(keyring: string): Promise<Pepper> {
  const ring = readKeyring(keyring)
  const keys = new Map<string, Uint8Array>()
  for (const id of ring.keys.keys()) {
    const key = await deriveKey(ring, id, 'password-pepper')
    if (key) keys.set(id, key)
  }
  return { active: ring.active, keys }
}
