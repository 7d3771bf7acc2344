/** Sessions: make one, end some, and what a browser is given for one. */
import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEventForEach } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { randomId } from '../random-id.ts'
import { mintAccessToken } from './access-token.ts'
import type { Role, SignedIn } from './answers.ts'
import { openEmail } from './email.ts'
import type { Hashed } from './password-hasher.ts'
import { mintRefreshToken } from './refresh-token.ts'
import { sessions } from './schema.ts'
import { isSecondFactorRequired, mustEnrol } from './second-factor-rule.ts'

/** A session ends when nobody used it for seven days, and after thirty in any case. */
export const SESSION_IDLE_SECONDS = 7 * 24 * 3600
export const SESSION_ABSOLUTE_SECONDS = 30 * 24 * 3600

export type Session = typeof sessions.$inferSelect

/** Whom a session is of; `email` as the row holds it, sealed. */
export type Holder = {
  id: string
  email: string | null
  displayName: string
  role: Role
  mustChangePassword: boolean
}

/** What sign-in, set-up and refresh give: the body, and the cookie's value and age. */
export type Issued = { signedIn: SignedIn; refreshToken: string; maxAgeSeconds: number }

/** A new row, with an id of its own each time: nobody can fix a session beforehand. */
export function newSession(
  edge: Edge,
  userId: string,
  amr: readonly string[],
  deviceId: string | null = null,
): Session {
  const { now, visitor } = edge
  return {
    id: randomId(),
    userId,
    generation: 0,
    rotatedAt: now,
    createdAt: now,
    idleExpiresAt: now + SESSION_IDLE_SECONDS,
    absoluteExpiresAt: now + SESSION_ABSOLUTE_SECONDS,
    authTime: now,
    amr: amr.join(','),
    revokedAt: null,
    revokeReason: null,
    revocation: null,
    deviceLabel: visitor?.deviceLabel ?? null,
    place: visitor?.place ?? null,
    network: visitor?.network ?? null,
    deviceId,
    profileId: null,
  }
}

/** Both tokens of the session's current generation. */
export async function issueTokens(edge: Edge, holder: Holder, session: Session): Promise<Issued> {
  const ring = readKeyring(edge.env.KEYRING)
  const [access, refreshToken, email] = await Promise.all([
    mintAccessFor(edge, holder, session),
    mintRefreshToken(ring, { sessionId: session.id, generation: session.generation }),
    openEmail(ring, holder),
  ])
  const { id, displayName, role } = holder
  return {
    signedIn: {
      sessionId: session.id,
      ...access,
      person: { id, email: email ?? '', displayName, role },
      restriction: restrictionOf(edge, holder, session.amr.split(',')),
    },
    refreshToken,
    maxAgeSeconds: session.idleExpiresAt - edge.now,
  }
}

/** `auth_time` and `amr` are the session's own, so a step-up shows in the next token. */
export function mintAccessFor(edge: Edge, holder: Pick<Holder, 'id' | 'role'>, session: Session) {
  const claims = {
    sub: holder.id,
    sid: session.id,
    role: holder.role,
    amr: session.amr.split(','),
    auth_time: session.authTime,
  }
  return mintAccessToken(readKeyring(edge.env.KEYRING), claims, edge.now)
}

/** What stands between this session and everything else, if anything does. */
export function restrictionOf(
  edge: Pick<Edge, 'env'>,
  holder: { role: Role; mustChangePassword: boolean },
  amr: readonly string[],
): SignedIn['restriction'] {
  const rule = { role: holder.role, isRequiredOfAdmins: isSecondFactorRequired(edge.env) }
  if (mustEnrol(amr, rule)) return 'second_factor_needed'
  return holder.mustChangePassword ? 'password_change_needed' : null
}

/** Not ended, not expired. */
export const isLive = (now: number): SQL =>
  and(
    // The second says the same again, in the words of the index.
    isNull(sessions.revokedAt),
    isNull(sessions.revocation),
    gt(sessions.idleExpiresAt, now),
    gt(sessions.absoluteExpiresAt, now),
  ) ?? sql`true`

export type Ending = { reason: string; actorId?: string; subjectId?: string }

/** `of` names a person or a session, by an index; `only` may narrow it by what the ending itself changes. */
export type Which = { of: SQL; only?: SQL | undefined }

/**
 * The statements that end the live sessions `which` names, each with its event: at the front of a batch, or in its middle.
 * The first one's result lists them, for what hangs on them to end too (AuthEvents.sessionEnded).
 */
export function endStatements(edge: Edge, { of, only }: Which, { reason, ...who }: Ending) {
  const revocation = randomId()
  return [
    edge.db
      .update(sessions)
      .set({ revokedAt: edge.now, revokeReason: reason, revocation })
      .where(and(of, isNull(sessions.revokedAt), isNull(sessions.revocation), only))
      .returning({ id: sessions.id, deviceLabel: sessions.deviceLabel }),
    writeEventForEach(
      edge.db,
      sql`select ${sessions.id} as id from ${sessions} where ${of} and ${sessions.revocation} = ${revocation}`,
      { kind: 'session_ended', ...who, details: { reason } },
      edge,
    ),
  ] as const
}

/** Ends them in a batch of its own. Gives the ids of those that were not over already. */
export async function endSessions(edge: Edge, which: Which, ending: Ending): Promise<string[]> {
  const [ended] = await edge.db.batch(endStatements(edge, which, ending))
  return ended.map(({ id }) => id)
}

/** Ends one session. False when it had ended already. */
export const endSession = async (edge: Edge, sessionId: string, reason: string): Promise<boolean> =>
  (await endSessions(edge, { of: eq(sessions.id, sessionId) }, { reason })).length === 1

/** The hasher of the whole household: one object, so that its queue bounds everybody. */
export const passwordHasher = (edge: Edge) =>
  edge.env.PASSWORD_HASHER.get(edge.env.PASSWORD_HASHER.idFromName('hasher'))

/** Turns what came back over the call into a value or the refusal it stands for. */
export function hashed<Value>(answer: Hashed<Value>): Value {
  if (!answer.ok) throw new AppError(answer.error.code, answer.error.message)
  return answer.value
}
