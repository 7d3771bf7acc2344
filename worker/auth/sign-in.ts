/** Sign-in with a password: the same answer and the same work whether the account exists or not. */
import { eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import type { SignInRequest } from './answers.ts'
import { sessions, users } from './schema.ts'
import { hashed, type Issued, issueTokens, newSession, passwordHasher } from './sessions.ts'

/** A new session each time. Throws `wrong_credentials`, or `busy` when too many passwords wait to be checked. */
export async function signIn(edge: Edge, request: SignInRequest): Promise<Issued> {
  const { db } = edge
  const [user] = await db
    .select()
    .from(users)
    .where(eq(users.email, request.email.normalize('NFC')))
  const check = hashed(await passwordHasher(edge).verify(request.password, user?.passwordHash ?? null))
  if (!user || !check.matches) {
    const reason = user ? 'wrong password' : 'unknown account'
    const subject = user ? { subjectId: user.id } : {}
    await writeEvent(db, { kind: 'authn_login_fail', ...subject, details: { method: 'password', reason } }, edge)
    throw new AppError('wrong_credentials', 'E-mail or password is not right. Please try again.')
  }
  const session = newSession(user.id, edge.now)
  const event = { actorId: user.id, sessionId: session.id, details: { method: 'password' as const } }
  await db.batch([
    db.insert(sessions).values(session),
    writeEvent(db, { kind: 'authn_login_success', ...event }, edge),
    ...(check.rehashed ? [db.update(users).set({ passwordHash: check.rehashed }).where(eq(users.id, user.id))] : []),
  ])
  return issueTokens(edge, user, session)
}
