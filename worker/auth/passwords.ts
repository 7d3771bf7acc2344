/** Choosing a password: the rules that fit the account, and its hash. */
import { and, eq, isNull, ne } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { type Account, findAccountById } from './accounts.ts'
import { openEmail } from './email.ts'
import { factorPlaces, guarded } from './guard/guarded.ts'
import { notify } from './notices.ts'
import { checkNewPassword, isShort } from './password-policy.ts'
import { sessions, users } from './schema.ts'
import { sessionEnded } from './session-ended.ts'
import { endStatements, hashed, passwordHasher } from './sessions.ts'

/** Throws `invalid` with what to do, `busy`. */
export async function newHash(edge: Edge, account: Account, password: string): Promise<string> {
  const email = await openEmail(readKeyring(edge.env.KEYRING), account)
  const expected = [account.displayName, ...(email ? [email] : [])]
  checkNewPassword(password, expected, { hasSecondFactor: account.hasTotp })
  return hashed(await passwordHasher(edge).hash(password, isShort(password)))
}

/** Nothing about the password of the account changed between the two looks. */
export const isSame = (now: Account, before: Account): boolean =>
  now.id === before.id && now.passwordHash === before.passwordHash && now.hasTotp === before.hasTotp

type Who = { userId: string; sessionId: string }

/**
 * Changes the password of whoever knows the one before, and ends their other sessions. Gives those that ended.
 * Throws `wrong_credentials`, `invalid`, `too_many`, `conflict` when it was changed at the same moment.
 */
export async function changePassword(edge: Edge, who: Who, current: string, next: string): Promise<string[]> {
  const account = await accountOf(edge, who.userId)
  const check = async () => hashed(await passwordHasher(edge).verify(current, account.passwordHash))
  const { matches } = await guarded(edge, factorPlaces(account.id), check, (answer) => answer.matches)
  if (!matches) {
    const event = { actorId: account.id, sessionId: who.sessionId, details: { reason: 'wrong password' } }
    await writeEvent(edge.db, { kind: 'authn_password_change_fail', ...event }, edge)
    throw new AppError('wrong_credentials', 'The password you have now is not right. Please try again.')
  }
  return store(edge, account, who, await newHash(edge, account, next))
}

/** The first password of somebody who came in without one; the route asks for a step-up. Throws `conflict`. */
export async function addPassword(edge: Edge, who: Who, password: string): Promise<string[]> {
  const account = await accountOf(edge, who.userId)
  if (account.passwordHash !== null) {
    throw new AppError('conflict', 'There is a password already. Change it by giving the one you have now.')
  }
  return store(edge, account, who, await newHash(edge, account, password))
}

async function accountOf(edge: Edge, userId: string): Promise<Account> {
  const account = await findAccountById(edge, userId)
  if (!account) throw sessionEnded()
  return account
}

/** Of two changes at once the second finds another hash than it checked, and changes nothing. */
async function store(edge: Edge, account: Account, who: Who, passwordHash: string): Promise<string[]> {
  const { db } = edge
  const before =
    account.passwordHash === null ? isNull(users.passwordHash) : eq(users.passwordHash, account.passwordHash)
  const stored = await db
    .update(users)
    .set({ passwordHash, mustChangePassword: false })
    .where(and(eq(users.id, account.id), before))
    .returning({ id: users.id })
  if (stored.length === 0) throw new AppError('conflict', 'The password was changed a moment ago. Please try again.')
  const actor = { actorId: account.id, subjectId: account.id }
  const others = { of: eq(sessions.userId, account.id), only: ne(sessions.id, who.sessionId) }
  const [, , ended] = await db.batch([
    writeEvent(
      db,
      { kind: 'authn_password_change', ...actor, sessionId: who.sessionId, details: { by: 'person' } },
      edge,
    ),
    notify(edge, account.id, { kind: 'password_changed', details: {} }),
    ...endStatements(edge, others, { reason: 'password changed', ...actor }),
  ])
  return ended.map(({ id }) => id)
}
