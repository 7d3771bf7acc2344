/** Key rotation: what an older key of the ring sealed is sealed with the active one, a few rows at a time. */
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Edge } from '../edge.ts'
import { isSealed, openField, sealField } from '../field-encryption.ts'
import { type Keyring, readKeyring } from '../keyring.ts'
import { log } from '../log.ts'
import { emailColumns, openEmail } from './email.ts'
import { totpFactors } from './factors/schema.ts'
import { totpPlace } from './factors/totp.ts'
import { users } from './schema.ts'
import { identityPlace, isIdentity } from './ways/identities.ts'
import { identities } from './ways/schema.ts'

/** Rows of one column at a time: with five columns thirty queries, of the fifty that D1's free plan allows a request. */
const AT_ONCE = 5

/**
 * Not sealed by the active key, or (an address older than sealing) not at all. What is left to do is read from the rows
 * themselves, so a job that was stopped goes on where it was.
 */
const isOld = (column: SQLiteColumn, ring: Keyring): SQL =>
  and(isNotNull(column), sql`substr(${column}, 1, ${prefix(ring).length}) <> ${prefix(ring)}`) ?? sql`false`
const prefix = (ring: Keyring) => `enc:v1:${ring.active}:`

/**
 * One step of the job; gives how many rows it sealed anew: 0 when nothing is left, and the older key may leave the ring
 * as far as sealed columns go. Walks to providers live for minutes and are left to end; MACs of codes and links hold no
 * text to make anew, and are good until their key leaves.
 */
export async function sealAgain(edge: Edge): Promise<number> {
  const ring = readKeyring(edge.env.KEYRING)
  const count = (await sealEmails(edge, ring)) + (await sealTotp(edge, ring)) + (await sealIdentities(edge, ring))
  if (count > 0) log('info', 'sealed_again', { correlationId: edge.correlationId, count })
  return count
}

async function sealEmails({ db }: Edge, ring: Keyring): Promise<number> {
  const rows = await db.select().from(users).where(isOld(users.email, ring)).limit(AT_ONCE)
  for (const row of rows) {
    const email = await openEmail(ring, row)
    if (email === null || row.email === null) continue
    // Only if it is still what was opened: a change in the meantime was sealed with the active key already.
    const unchanged = and(eq(users.id, row.id), eq(users.email, row.email))
    await db
      .update(users)
      .set(await emailColumns(ring, row.id, email))
      .where(unchanged)
  }
  return rows.length
}

async function sealTotp({ db }: Edge, ring: Keyring): Promise<number> {
  const rows = await db.select().from(totpFactors).where(isOld(totpFactors.secret, ring)).limit(AT_ONCE)
  for (const { userId, secret } of rows) {
    const sealed = await sealField(ring, totpPlace(userId), await openField(ring, totpPlace(userId), secret))
    const unchanged = and(eq(totpFactors.userId, userId), eq(totpFactors.secret, secret))
    await db.update(totpFactors).set({ secret: sealed }).where(unchanged)
  }
  return rows.length
}

async function sealIdentities({ db }: Edge, ring: Keyring): Promise<number> {
  let count = 0
  for (const column of ['label', 'email', 'token'] as const) {
    const rows = await db.select().from(identities).where(isOld(identities[column], ring)).limit(AT_ONCE)
    for (const row of rows) {
      const before = row[column]
      if (before === null || !isSealed(before)) continue
      const place = identityPlace(row, column)
      const sealed = await sealField(ring, place, await openField(ring, place, before))
      await db
        .update(identities)
        .set({ [column]: sealed })
        .where(and(isIdentity(row), eq(identities[column], before)))
    }
    count += rows.length
  }
  return count
}
