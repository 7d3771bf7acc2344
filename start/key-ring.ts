/** The key ring as the edge is given it (worker/keyring.ts reads it): made once, a key added, keys taken out. */
import { randomBytes } from 'node:crypto'
import * as z from 'zod'

const KeyRing = z.strictObject({ active: z.string(), keys: z.record(z.string(), z.string()) })
type KeyRing = z.infer<typeof KeyRing>

const newKey = (): string => randomBytes(32).toString('base64url')

/** The first ring of an installation. */
export const newKeyring = (): string => JSON.stringify({ active: 'k1', keys: { k1: newKey() } } satisfies KeyRing)

/** Throws a TypeError that quotes nothing of it. */
export function readRing(text: string): KeyRing {
  try {
    const ring = KeyRing.parse(JSON.parse(text))
    if (ring.keys[ring.active] !== undefined) return ring
  } catch {
    // What stood there is a secret, and so is what a parser would say of it.
  }
  throw new TypeError('this is no key ring')
}

/** A new key that seals and signs from now on; the others stay, to open and to verify. An id is never used again. */
export function withNewKey(text: string): string {
  const { active, keys } = readRing(text)
  const last = Math.max(...[active, ...Object.keys(keys)].map((id) => Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0)))
  const id = `k${last + 1}`
  return JSON.stringify({ active: id, keys: { ...keys, [id]: newKey() } } satisfies KeyRing)
}

/** The ids of all keys but the active one. */
export function olderKeys(text: string): string[] {
  const { active, keys } = readRing(text)
  return Object.keys(keys).filter((id) => id !== active)
}

export function withoutKeys(text: string, ids: readonly string[]): string {
  const { active, keys } = readRing(text)
  const kept = Object.entries(keys).filter(([id]) => id === active || !ids.includes(id))
  return JSON.stringify({ active, keys: Object.fromEntries(kept) } satisfies KeyRing)
}
