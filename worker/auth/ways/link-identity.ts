/** Adds an account elsewhere to somebody who is here: one conditional statement, so that it never has two owners. */
import { and, eq, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { totpFactors } from '../factors/schema.ts'
import { notify } from '../notices.ts'
import { sessions, users } from '../schema.ts'
import type { ExternalAccount } from './external-way.ts'
import { isIdentity, sealAccount } from './identities.ts'
import { identities } from './schema.ts'

/** Proof of both sides: a session of theirs that has not ended, or an address that the row says is verified. */
export type LinkedBy = { sessionId: string } | 'email'

/** Throws `identity_taken` when it belongs to another, `link_confirm_needed` when the row changed in the meantime. */
export async function linkIdentity(
  edge: Edge,
  userId: string,
  provider: string,
  account: ExternalAccount,
  by: LinkedBy,
): Promise<void> {
  const { db, now } = edge
  const { label, email, token } = await sealAccount(edge, account)
  const details = { provider }
  const [linked] = await db.batch([
    db
      .insert(identities)
      .select(
        sql`select ${account.issuer}, ${account.subject}, ${userId}, ${provider}, ${label}, ${email}, ${token}, ${now},
          ${by === 'email' ? now : null} where ${stillProved(userId, by)}`,
      )
      .onConflictDoNothing(),
    writeEventWhen(db, changed, { kind: 'identity_linked', actorId: userId, details }, edge),
    notify(edge, userId, { kind: 'identity_linked', details }, changed),
  ])
  if (linked.meta.changes === 1) return
  const [row] = await db.select({ userId: identities.userId }).from(identities).where(isIdentity(account))
  if (row === undefined) {
    throw new AppError('link_confirm_needed', 'Please sign in the way you did before, then connect this account.')
  }
  if (row.userId !== userId) {
    throw new AppError('identity_taken', 'That account is connected to somebody else here. Disconnect it there first.')
  }
  await touchIdentity(edge, userId, account)
}

/** What decide-link.ts looked at, asked again in the statement itself. */
function stillProved(userId: string, by: LinkedBy) {
  const isActive = sql`exists (select 1 from ${users} where ${users.id} = ${userId} and ${users.status} = 'active'`
  if (by !== 'email') {
    return sql`${isActive}) and exists (select 1 from ${sessions}
      where ${sessions.id} = ${by.sessionId} and ${sessions.userId} = ${userId} and ${sessions.revokedAt} is null)`
  }
  return sql`${isActive} and ${users.role} = 'user' and ${users.emailVerifiedAt} is not null)
    and not exists (select 1 from ${totpFactors}
      where ${totpFactors.userId} = ${userId} and ${totpFactors.confirmedAt} is not null)`
}

/** What the provider tells today; the person's own row is left alone (ASVS 6.8.1). */
export async function touchIdentity(edge: Edge, userId: string, account: ExternalAccount): Promise<void> {
  await edge.db
    .update(identities)
    .set({ ...(await sealAccount(edge, account)), lastUsedAt: edge.now })
    .where(and(isIdentity(account), eq(identities.userId, userId)))
}
