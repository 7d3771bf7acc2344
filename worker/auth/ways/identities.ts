/** Accounts elsewhere as they stand in their table: sealed but for the key, listed for their owner, taken away. */
import { and, eq } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { openField, sealField } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { sha256 } from '../../sha256.ts'
import { otherWaysIn } from '../last-way-in.ts'
import { notify } from '../notices.ts'
import type { ExternalAccount } from './external-way.ts'
import { identities } from './schema.ts'

type Key = { issuer: string; subject: string }

/** Where a sealed column of an identity stands (field-encryption.ts). */
export const identityPlace = ({ issuer, subject }: Key, column: 'label' | 'email' | 'token') => ({
  table: 'identities',
  column,
  rowId: JSON.stringify([issuer, subject]),
})

export const isIdentity = ({ issuer, subject }: Key) =>
  and(eq(identities.issuer, issuer), eq(identities.subject, subject))

/** What the provider told, sealed to the row. */
export async function sealAccount(edge: Edge, account: ExternalAccount) {
  const ring = readKeyring(edge.env.KEYRING)
  const seal = (column: 'label' | 'email' | 'token', text: string | null) =>
    text === null ? null : sealField(ring, identityPlace(account, column), text)
  const [label, email, token] = await Promise.all([
    seal('label', account.label),
    seal('email', account.email),
    seal('token', account.token),
  ])
  return { label, email, token }
}

export const LinkCard = z.object({
  id: z.string(),
  way: z.string(),
  label: z.string(),
  linkedAt: z.int(),
  lastUsedAt: z.int().nullable(),
})
export type LinkCard = z.infer<typeof LinkCard>

/** 43 characters that name an identity in an address, where an issuer and a subject do not belong. */
const nameOf = ({ issuer, subject }: Key) => sha256(JSON.stringify([issuer, subject]))

const rowsOf = (edge: Edge, userId: string) => edge.db.select().from(identities).where(eq(identities.userId, userId))

export async function listLinks(edge: Edge, userId: string): Promise<LinkCard[]> {
  const ring = readKeyring(edge.env.KEYRING)
  const rows = await rowsOf(edge, userId)
  return Promise.all(
    rows.map(async (row) => ({
      id: await nameOf(row),
      way: row.provider,
      label: row.label === null ? '' : await openField(ring, identityPlace(row, 'label'), row.label),
      linkedAt: row.linkedAt,
      lastUsedAt: row.lastUsedAt,
    })),
  )
}

/** Throws `not_found` for what is not theirs, `last_way_in` when they could not come in any more. */
export async function unlink(edge: Edge, userId: string, id: string): Promise<void> {
  const rows = await rowsOf(edge, userId)
  const names = await Promise.all(rows.map(nameOf))
  const row = rows[names.indexOf(id)]
  if (!row) throw new AppError('not_found', 'This account is not connected. It may have been taken away already.')
  const { db } = edge
  const details = { provider: row.provider }
  const [gone] = await db.batch([
    db
      .delete(identities)
      .where(and(isIdentity(row), eq(identities.userId, userId), otherWaysIn(edge, userId, { identity: row }))),
    writeEventWhen(db, changed, { kind: 'identity_unlinked', actorId: userId, details }, edge),
    notify(edge, userId, { kind: 'identity_unlinked', details }, changed),
  ])
  if (gone.meta.changes !== 1) {
    throw new AppError('last_way_in', 'This is your last way in. Add another one first, then take this one away.')
  }
}
