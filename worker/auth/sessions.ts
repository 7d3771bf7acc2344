/** Sessions: begin one, end one, and what a browser is given for it. */
import { and, eq, isNull } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../audit/row-changed.ts'
import { writeEventWhen } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { randomId } from '../random-id.ts'
import { mintAccessToken } from './access-token.ts'
import type { Person, SignedIn } from './answers.ts'
import type { Hashed } from './password-hasher.ts'
import { mintRefreshToken } from './refresh-token.ts'
import { sessions } from './schema.ts'

/** A session ends when nobody used it for seven days, and after thirty in any case. */
export const SESSION_IDLE_SECONDS = 7 * 24 * 3600
export const SESSION_ABSOLUTE_SECONDS = 30 * 24 * 3600

export type Session = typeof sessions.$inferSelect

/** What sign-in, set-up and refresh give: the body, and the cookie's value and age. */
export type Issued = { signedIn: SignedIn; refreshToken: string; maxAgeSeconds: number }

/** A new row, with an id of its own each time: nobody can fix a session beforehand. */
export function newSession(userId: string, now: number): Session {
  return {
    id: randomId(),
    userId,
    generation: 0,
    rotatedAt: now,
    createdAt: now,
    idleExpiresAt: now + SESSION_IDLE_SECONDS,
    absoluteExpiresAt: now + SESSION_ABSOLUTE_SECONDS,
    authTime: now,
    amr: 'pwd',
    revokedAt: null,
    revokeReason: null,
  }
}

/** Both tokens of the session's current generation. */
export async function issueTokens(edge: Edge, person: Person, session: Session): Promise<Issued> {
  const ring = readKeyring(edge.env.KEYRING)
  const claims = {
    sub: person.id,
    sid: session.id,
    role: person.role,
    amr: session.amr.split(','),
    auth_time: session.authTime,
  }
  const [access, refreshToken] = await Promise.all([
    mintAccessToken(ring, claims, edge.now),
    mintRefreshToken(ring, { sessionId: session.id, generation: session.generation }),
  ])
  const { id, email, displayName, role } = person
  return {
    signedIn: { sessionId: session.id, ...access, person: { id, email, displayName, role } },
    refreshToken,
    maxAgeSeconds: session.idleExpiresAt - edge.now,
  }
}

/** Ends a session once, with its event in the same batch. False when it had ended already. */
export async function endSession(edge: Edge, sessionId: string, reason: string): Promise<boolean> {
  const [ended] = await edge.db.batch([
    edge.db
      .update(sessions)
      .set({ revokedAt: edge.now, revokeReason: reason })
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt))),
    writeEventWhen(edge.db, changed, { kind: 'session_ended', sessionId, details: { reason } }, edge),
  ])
  return ended.meta.changes === 1
}

/** The hasher of the whole household: one object, so that its queue bounds everybody. */
export const passwordHasher = (edge: Edge) =>
  edge.env.PASSWORD_HASHER.get(edge.env.PASSWORD_HASHER.idFromName('hasher'))

/** Turns what came back over the call into a value or the refusal it stands for. */
export function hashed<Value>(answer: Hashed<Value>): Value {
  if (!answer.ok) throw new AppError(answer.error.code, answer.error.message)
  return answer.value
}
