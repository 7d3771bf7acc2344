/** Taking the authenticator app away, with a password that can stand without it. */
import { and, eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { readKeyring } from '../../keyring.ts'
import { findAccountById } from '../accounts.ts'
import { openEmail } from '../email.ts'
import { otherWaysIn } from '../last-way-in.ts'
import { notify } from '../notices.ts'
import { isShortPassword } from '../password-hash.ts'
import { checkNewPassword } from '../password-policy.ts'
import { users } from '../schema.ts'
import { hashed, passwordHasher } from '../sessions.ts'
import { recoveryCodes, totpFactors } from './schema.ts'

/**
 * `newPassword` is needed where the one there is was allowed to be short because of the app (SP 800-63B-4).
 * Throws `last_way_in` for the only second factor of an admin, `not_found`, `invalid`.
 */
export async function removeTotp(edge: Edge, userId: string, newPassword: string | undefined): Promise<void> {
  const { db } = edge
  const account = await findAccountById(edge, userId)
  if (!account?.hasTotp) throw new AppError('not_found', 'There is no authenticator app on this account.')
  const passwordHash = await longEnough(edge, account, newPassword)
  const removed = await db
    .delete(totpFactors)
    .where(and(eq(totpFactors.userId, userId), otherWaysIn(edge, userId, { totp: true })))
    .returning({ userId: totpFactors.userId })
  if (removed.length === 0) {
    throw new AppError('last_way_in', 'An admin keeps a second factor here. Add a passkey first, then remove this.')
  }
  await db.batch([
    writeEvent(db, { kind: 'factor_removed', actorId: userId, subjectId: userId, details: { factor: 'totp' } }, edge),
    notify(edge, userId, { kind: 'factor_removed', details: { factor: 'totp' } }),
    // They stood in for the app; without it a password must do, and it alone.
    ...(account.passkeys === 0 ? [db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))] : []),
    ...(passwordHash ? [db.update(users).set({ passwordHash }).where(eq(users.id, userId))] : []),
  ])
}

type Account = NonNullable<Awaited<ReturnType<typeof findAccountById>>>

async function longEnough(edge: Edge, account: Account, newPassword: string | undefined): Promise<string | undefined> {
  if (!isShortPassword(account.passwordHash)) return undefined
  if (newPassword === undefined) {
    throw new AppError('invalid', 'Your password is too short to stand alone. Send a longer one along with this.')
  }
  const email = await openEmail(readKeyring(edge.env.KEYRING), account)
  checkNewPassword(newPassword, [account.displayName, ...(email ? [email] : [])])
  return hashed(await passwordHasher(edge).hash(newPassword))
}
