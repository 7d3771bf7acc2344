/** Sign-in with a password: the same answer and the same work whether the account exists or not. */
import { and, eq } from 'drizzle-orm'
import { writeEvent } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { blindIndex } from '../field-encryption.ts'
import { readKeyring } from '../keyring.ts'
import { findAccountByEmail } from './accounts.ts'
import type { SignInRequest } from './answers.ts'
import { emailColumns } from './email.ts'
import { type Finished, finishSignIn, wrongCredentials } from './finish-sign-in.ts'
import { guarded, signInPlaces } from './guard/guarded.ts'
import { isShortPassword } from './password-hash.ts'
import { users } from './schema.ts'
import { hashed, passwordHasher } from './sessions.ts'

/** What guesses at an account are counted by, whether it exists or not. */
export const guardNameOf = (edge: Edge, email: string): Promise<string> =>
  blindIndex(readKeyring(edge.env.KEYRING), 'email', email.normalize('NFC'))

/**
 * `deviceId`: the browser has signed in to this account before. Throws `wrong_credentials`, `too_many` while too many
 * guesses were wrong, `busy` when too many passwords wait to be checked.
 */
export async function signIn(edge: Edge, request: SignInRequest, deviceId?: string): Promise<Finished> {
  const email = request.email.normalize('NFC')
  const account = await findAccountByEmail(edge, email)
  const places = signInPlaces(await guardNameOf(edge, email), edge.visitor?.address ?? 'unknown', deviceId)
  const check = async () => hashed(await passwordHasher(edge).verify(request.password, account?.passwordHash ?? null))
  const { matches, rehashed } = await guarded(edge, places, check, ({ matches }) => matches)
  if (!account || !matches) {
    const reason = account ? 'wrong password' : 'unknown account'
    const subject = account ? { subjectId: account.id } : {}
    await writeEvent(edge.db, { kind: 'authn_login_fail', ...subject, details: { method: 'password', reason } }, edge)
    throw wrongCredentials()
  }
  // What only a right password brings: a newer hash, and an address sealed that stood in clear.
  const renewed = {
    ...(rehashed && { passwordHash: rehashed }),
    // Chosen beside an app that is gone since: it may not stand alone.
    ...(isShortPassword(account.passwordHash) && !account.hasTotp && { mustChangePassword: true }),
    ...(account.emailIndex === null && (await emailColumns(readKeyring(edge.env.KEYRING), account.id, email))),
  }
  if (Object.keys(renewed).length > 0) {
    const unchanged = and(eq(users.id, account.id), eq(users.passwordHash, account.passwordHash ?? ''))
    await edge.db.update(users).set(renewed).where(unchanged)
  }
  return finishSignIn(edge, { userId: account.id, method: 'password', amr: ['pwd'], deviceId })
}
