/** Key rotation as an operator does it: see what needs which key, add one, and take older ones out when nothing needs them. */
import { olderKeys, readRing, withNewKey, withoutKeys } from './key-ring.ts'
import { type KeyUse, keysInUse, type Query } from './keys-in-use.ts'
import { PlainError } from './plain-error.ts'

/** `pending` was perhaps sent already: a send that failed is made again with the same ring. Times: epoch seconds. */
export type KeptRing = { keyring: string; pending?: string | undefined; rotatedAt?: number | undefined }

export type KeyHolder = {
  read(): KeptRing
  write(kept: KeptRing): void
  /** Gives the edge its ring. */
  send(keyring: string): Promise<void>
  query: Query
  now: number
}

/** A session lives seven days unused (worker/auth/sessions.ts). */
const SESSION_IDLE_SECONDS = 7 * 24 * 3600

/** What each older key is still needed for, in words: one line a key. */
export async function describeKeys(holder: KeyHolder): Promise<string[]> {
  const kept = holder.read()
  const uses = await usesOf(holder, kept)
  const { active } = readRing(kept.keyring)
  const older = olderKeys(kept.keyring).map((key) => {
    const mine = uses.filter((use) => use.key === key)
    return mine.length === 0
      ? `${key} is needed by nothing any more: retire it`
      : `${key} only opens what is older: ${inWords(mine, kept)}`
  })
  return [`${active} seals and signs`, ...older]
}

/** Adds a key and makes it the active one. Gives its id. */
export async function rotateKeys(holder: KeyHolder): Promise<string> {
  const kept = holder.read()
  await usesOf(holder, kept)
  const next = pendingRotation(kept) ?? withNewKey(kept.pending ?? kept.keyring)
  await send(holder, kept, next, holder.now)
  return readRing(next).active
}

/**
 * Takes the older keys out of the ring and gives their ids. Throws while a row needs one of them; `evenSo` gives up
 * what can be had again (passwords, codes, sessions), never what is sealed.
 */
export async function retireKeys(holder: KeyHolder, { evenSo = false } = {}): Promise<string[]> {
  const kept = holder.read()
  if (pendingRotation(kept)) {
    throw new PlainError(
      'Nothing was changed: perhaps the edge has not got the newest key yet. Run `rotate` again first.',
    )
  }
  const ids = olderKeys(kept.keyring)
  if (ids.length === 0) throw new PlainError('There is one key, and it is in use. Add another with `rotate` first.')
  // Without what is pending: a retirement that failed half-way is made again with the same ring, and asks the same first.
  const uses = await usesOf(holder, { ...kept, pending: undefined })
  const sealed = uses.filter(({ isSealed }) => isSealed)
  if (sealed.length > 0) {
    throw new PlainError(
      `Nothing was changed. Still sealed with an older key: ${inWords(sealed, kept)}.\n` +
        'The edge seals it anew while it runs, some rows every five minutes. Try again later.',
    )
  }
  if (uses.length > 0 && !evenSo) {
    throw new PlainError(
      `Nothing was changed. Older keys are still needed: ${inWords(uses, kept)}.\n` +
        'Wait, or give that up with --even-so: who is left signs in anew, asks for a new password by letter, makes new codes.',
    )
  }
  await send(holder, kept, withoutKeys(kept.keyring, ids), kept.rotatedAt)
  return ids
}

/** The ring with a new key that was perhaps sent; a pending ring with the key there was is one without the older keys. */
const pendingRotation = ({ keyring, pending }: KeptRing): string | undefined =>
  pending !== undefined && readRing(pending).active !== readRing(keyring).active ? pending : undefined

/** Throws when rows are sealed by a key that this ring has not: it is another installation's, and would lock people out. */
async function usesOf({ query, now }: KeyHolder, { keyring, pending, rotatedAt }: KeptRing): Promise<KeyUse[]> {
  const ring = pending ?? keyring
  const all = Object.keys(readRing(ring).keys)
  const { uses, strangers } = await keysInUse(query, { keys: olderKeys(ring), ring: all, rotatedAt, now })
  if (strangers > 0) {
    throw new PlainError(
      `Nothing was changed: ${strangers} values of the database are sealed with a key that this ring does not have.\n` +
        'The ring on this machine is not the one of that database. Bring the right one back first.',
    )
  }
  return uses
}

/** Kept before it is sent: a ring that only the edge had could never be rotated again. */
async function send(holder: KeyHolder, kept: KeptRing, next: string, rotatedAt: number | undefined): Promise<void> {
  holder.write({ ...kept, pending: next })
  await holder.send(next)
  holder.write({ keyring: next, rotatedAt })
}

function inWords(uses: readonly KeyUse[], { rotatedAt = 0 }: KeptRing): string {
  const until: Record<string, string> = {
    passwords: ' (until they are typed in next)',
    PINs: ' (until they are set anew)',
    'recovery codes': ' (until used, or made anew)',
    sessions: ` (until used next, or ${new Date((rotatedAt + SESSION_IDLE_SECONDS) * 1000).toISOString().slice(0, 10)})`,
  }
  return uses.map(({ count, what }) => `${count} ${what}${until[what] ?? ''}`).join(', ')
}
