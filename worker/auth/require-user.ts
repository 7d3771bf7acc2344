/** Middleware: who is asking, by access token and by the session as it is now; admins where it takes one. */
import { eq } from 'drizzle-orm'
import { createMiddleware } from 'hono/factory'
import { AppError } from '#protocol/errors.ts'
import { openDb } from '../db.ts'
import type { AppEnv } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { verifyAccessToken } from './access-token.ts'
import type { Person } from './answers.ts'
import { sessions, users } from './schema.ts'

export type SignedInPerson = Person & { sessionId: string }
export type UserEnv = { Bindings: AppEnv['Bindings']; Variables: AppEnv['Variables'] & { person: SignedInPerson } }

export const requireUser = createMiddleware<UserEnv>(async (c, next) => {
  c.set('person', await personOf(c.env, c.req.header('authorization'), c.var.now))
  await next()
})

export const requireAdmin = createMiddleware<UserEnv>(async (c, next) => {
  const person = await personOf(c.env, c.req.header('authorization'), c.var.now)
  if (person.role !== 'admin') throw new AppError('forbidden', 'Only an admin of this household can do this.')
  c.set('person', person)
  await next()
})

/** One query by primary key each time: an ended session stops its access tokens at once, and so does a lost role. */
async function personOf(env: AppEnv['Bindings'], header: string | undefined, now: number): Promise<SignedInPerson> {
  const token = /^Bearer ([A-Za-z0-9._-]{20,2000})$/.exec(header ?? '')?.[1]
  if (!token) throw new AppError('not_signed_in', 'Please sign in first.')
  const claims = await verifyAccessToken(readKeyring(env.KEYRING), token, now)
  const [row] = await openDb(env.DB)
    .select({
      id: users.id,
      email: users.email,
      displayName: users.displayName,
      role: users.role,
      revokedAt: sessions.revokedAt,
      expiresAt: sessions.absoluteExpiresAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, claims.sid))
  if (!row || row.id !== claims.sub || row.revokedAt !== null || row.expiresAt <= now) {
    throw new AppError('session_ended', 'This session has ended. Please sign in again.')
  }
  const { revokedAt: _revokedAt, expiresAt: _expiresAt, ...person } = row
  return { ...person, sessionId: claims.sid }
}
