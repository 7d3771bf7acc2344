/** Walks to a provider and back: begun in one browser, finished once and only there. */
import { and, eq, gt, inArray } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { blindIndex, blindIndexes, openField, sealField } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { authTransactions } from './schema.ts'

export const WALK_SECONDS = 10 * 60

/** What waits for the person to come back. One of `code` and `device`, by the way's kind. */
const Memory = z.object({
  returnTo: z.string(),
  invite: z.string().nullable(),
  code: z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), issuer: z.string() }).nullable(),
  device: z.object({ secret: z.string(), intervalSeconds: z.int(), nextPollAt: z.int() }).nullable(),
})
export type WalkMemory = z.infer<typeof Memory>

export type Walk = {
  wayId: string
  purpose: 'sign_in' | 'link' | 'step_up'
  /** Who is signed in, for anything but `sign_in`. */
  signedIn: { userId: string; sessionId: string } | null
  memory: WalkMemory
}
/** A walk with its row: the id, and the sealed text as it stood, by which a change of it is won or lost. */
export type StoredWalk = Walk & { idMac: string; sealed: string; expiresAt: number }

const over = () =>
  new AppError('link_over', 'This sign-in took too long, or began in another browser. Please start it again here.')

const placeOf = (rowId: string) => ({ table: 'auth_transactions', column: 'sealed', rowId })

/** The state is part of the key: an answer with another state finds no walk, and uses none up. */
const keyText = (secret: string, state: string) => `${secret}|${state}`

/** Gives the cookie's value. */
export async function beginWalk(edge: Edge, walk: Walk, expiresInSeconds: number): Promise<string> {
  const ring = readKeyring(edge.env.KEYRING)
  const secret = randomId(32)
  const idMac = await blindIndex(ring, 'transaction', keyText(secret, walk.memory.code?.state ?? ''))
  await edge.db.insert(authTransactions).values({
    idMac,
    provider: walk.wayId,
    purpose: walk.purpose,
    userId: walk.signedIn?.userId ?? null,
    sessionId: walk.signedIn?.sessionId ?? null,
    sealed: await sealField(ring, placeOf(idMac), JSON.stringify(walk.memory)),
    createdAt: edge.now,
    expiresAt: edge.now + expiresInSeconds,
  })
  return secret
}

/** Of any number at once, one gets it. Throws `link_over` for a walk used, expired, of another browser or provider. */
export async function takeWalk(edge: Edge, wayId: string, secret: string, state = ''): Promise<StoredWalk> {
  const [row] = await edge.db
    .delete(authTransactions)
    .where(await isMine(edge, wayId, secret, state))
    .returning()
  if (!row) throw over()
  return open(edge, row)
}

/** The walk of this browser, which stays. Throws `link_over`. */
export async function readWalk(edge: Edge, wayId: string, secret: string): Promise<StoredWalk> {
  const [row] = await edge.db
    .select()
    .from(authTransactions)
    .where(await isMine(edge, wayId, secret, ''))
  if (!row) throw over()
  return open(edge, row)
}

/** Changes what a walk remembers, if nobody changed it in the meantime; undefined when somebody did. */
export async function remember(edge: Edge, walk: StoredWalk, memory: WalkMemory): Promise<StoredWalk | undefined> {
  const sealed = await sealField(readKeyring(edge.env.KEYRING), placeOf(walk.idMac), JSON.stringify(memory))
  const changed = await edge.db
    .update(authTransactions)
    .set({ sealed })
    .where(and(eq(authTransactions.idMac, walk.idMac), eq(authTransactions.sealed, walk.sealed)))
    .returning({ idMac: authTransactions.idMac })
  return changed.length === 1 ? { ...walk, sealed, memory } : undefined
}

async function isMine(edge: Edge, wayId: string, secret: string, state: string) {
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'transaction', keyText(secret, state))
  return and(
    inArray(authTransactions.idMac, macs),
    eq(authTransactions.provider, wayId),
    gt(authTransactions.expiresAt, edge.now),
  )
}

async function open(edge: Edge, row: typeof authTransactions.$inferSelect): Promise<StoredWalk> {
  const text = await openField(readKeyring(edge.env.KEYRING), placeOf(row.idMac), row.sealed)
  const { idMac, provider, purpose, userId, sessionId, sealed, expiresAt } = row
  if (purpose === 'accept_invite') throw over()
  const signedIn = userId !== null && sessionId !== null ? { userId, sessionId } : null
  return { idMac, wayId: provider, purpose, signedIn, sealed, expiresAt, memory: Memory.parse(JSON.parse(text)) }
}
