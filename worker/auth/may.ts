/** Middleware: may whoever asks do this action? By access token, by the session as it is now, and by permissions.ts. */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { AppError } from '#protocol/errors.ts'
import { type Edge, edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { verifyAccessToken } from './access-token.ts'
import type { Role } from './answers.ts'
import { totpFactors } from './factors/schema.ts'
import { passkeys } from './passkeys/schema.ts'
import { type Action, type Permission, permissions, type Reach } from './permissions.ts'
import { profiles } from './profiles/schema.ts'
import { STEP_UP_SECONDS } from './raise-session.ts'
import { sessions, users } from './schema.ts'
import { hasSecondFactor, isSecondFactorRequired, isStrong } from './second-factor-rule.ts'
import { sessionEnded } from './session-ended.ts'
import { isReading, sessionViews } from './session-view.ts'
import { restrictionOf } from './sessions.ts'
import { asPerson, type Viewer } from './viewer.ts'

export type SignedInPerson = {
  id: string
  displayName: string
  role: Role
  sessionId: string
  /** When the session's person last proved who they are, epoch seconds, and how. */
  authTime: number
  amr: string[]
  viewer: Viewer
  /** How far the action reaches: over one's own things, or anybody's. */
  reach: Exclude<Reach, 'none'>
}
export type UserEnv = { Bindings: AppEnv['Bindings']; Variables: AppEnv['Variables'] & { person: SignedInPerson } }

const actions = new WeakMap<MiddlewareHandler, Action>()

/** The action a handler guards, for the test that walks every route. */
export const actionOf = (handler: MiddlewareHandler): Action | undefined => actions.get(handler)

/** Throws `not_signed_in`, `session_ended`, `forbidden`, `step_up_needed`, or what the session is restricted to. */
export function may(action: Action): MiddlewareHandler<UserEnv> {
  const middleware = createMiddleware<UserEnv>(async (c, next) => {
    const token = bearerOf(c.req.header('authorization'))
    c.set('person', await admit(edgeOf(c), { token, isReading: isReading(c.req.method) }, action))
    await next()
  })
  actions.set(middleware as MiddlewareHandler, action)
  return middleware
}

type Asked = { token: string; isReading: boolean }

async function admit(edge: Edge, { token, isReading }: Asked, action: Action): Promise<SignedInPerson> {
  const permission: Permission = permissions[action]
  const { sid, sub } = await verifyAccessToken(readKeyring(edge.env.KEYRING), token, edge.now)
  const read = () => readSession(edge, sid, permission.needsStepUp === true)
  const row = isReading && isViewEnough(permission) ? await viewSession(token, edge.now, read) : await read()
  if (!row || row.id !== sub || row.revokedAt !== null || row.expiresAt <= edge.now || row.status !== 'active') {
    throw sessionEnded()
  }
  const viewer = viewerOf(row)
  if (viewer.capYears !== null && !permission.whileCapped) {
    throw new AppError('forbidden', 'This profile is for watching only. Change to your own first.')
  }
  const amr = row.amr.split(',')
  const restriction = restrictionOf(edge, row, amr)
  if (restriction && !permission.whileRestricted) throw new AppError(restriction, restrictedTo[restriction])
  const reach = permission[row.role]
  if (reach === 'none') throw new AppError('forbidden', 'Only an admin of this household can do this.')
  if (permission.needsStepUp && !isFresh(edge, row, amr)) {
    throw stepUpNeeded()
  }
  const { id, displayName, role, authTime } = row
  return { id, displayName, role, sessionId: sid, authTime, amr, viewer, reach }
}

/** For what only sometimes matters enough. Throws `step_up_needed`, or `session_ended`. */
export async function requireStepUp(edge: Edge, { sessionId }: SignedInPerson): Promise<void> {
  const row = await readSession(edge, sessionId, true)
  if (!row) throw sessionEnded()
  if (!isFresh(edge, row, row.amr.split(','))) throw stepUpNeeded()
}

const stepUpNeeded = () => new AppError('step_up_needed', 'Please prove once more that it is you, then try again.')

/** A session whose profile has just been removed shows nothing to anybody: a removal ends it, and this is before that. */
function viewerOf({ id, profileId, foundProfileId, capYears, language }: Row): Viewer {
  if (profileId === null) return asPerson(id)
  if (foundProfileId === null) throw sessionEnded()
  return { id: profileId, personId: id, profileId, capYears, language }
}

const restrictedTo = {
  second_factor_needed: 'An admin needs a second factor here. Please add a passkey or an authenticator app first.',
  password_change_needed: 'This account needs a new password. Please choose one first.',
} as const

function bearerOf(header: string | undefined): string {
  const token = /^Bearer ([A-Za-z0-9._-]{20,2000})$/.exec(header ?? '')?.[1]
  if (!token) throw new AppError('not_signed_in', 'Please sign in first.')
  return token
}

/** What every role may do alike and without a fresh proof; the rest asks D1 each time, so that a lost role ends at once. */
const isViewEnough = (permission: Permission): boolean =>
  permission.user === permission.admin && permission.needsStepUp !== true

/** Where profiles share the account, who watches changes without a new token: a child must not see what was its parent's. */
const viewSession = sessionViews<Row>((row) => row.hasProfiles === 0)

/** One query by primary key: an ended session stops its access tokens, and so does a lost role. */
async function readSession({ db }: Edge, sessionId: string, withFactors: boolean) {
  // Two look-ups more, and only where the table of permissions asks for a step-up.
  const exists = (name: string, table: SQL) =>
    (withFactors ? sql<number>`exists (select 1 from ${table})` : sql<number>`0`).as(name)
  const [row] = await db
    .select({
      id: users.id,
      displayName: users.displayName,
      role: users.role,
      status: users.status,
      mustChangePassword: users.mustChangePassword,
      revokedAt: sessions.revokedAt,
      expiresAt: sessions.absoluteExpiresAt,
      authTime: sessions.authTime,
      amr: sessions.amr,
      profileId: sessions.profileId,
      foundProfileId: sql<string | null>`${profiles.id}`.as('found_profile_id'),
      capYears: profiles.ratingCap,
      language: profiles.language,
      hasProfiles: sql<number>`exists (select 1 from ${profiles} where ${profiles.userId} = ${users.id})`.as(
        'has_profiles',
      ),
      hasTotp: exists(
        'has_totp',
        sql`${totpFactors} where ${totpFactors.userId} = ${users.id} and ${totpFactors.confirmedAt} is not null`,
      ),
      hasPasskey: exists('has_passkey', sql`${passkeys} where ${passkeys.userId} = ${users.id}`),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(profiles, and(eq(profiles.id, sessions.profileId), eq(profiles.userId, users.id)))
    .where(eq(sessions.id, sessionId))
  return row
}

type Row = NonNullable<Awaited<ReturnType<typeof readSession>>>

/** A proof by password alone does not do for somebody who has a second factor. */
function isFresh(edge: Edge, row: Row, amr: string[]): boolean {
  if (edge.now - row.authTime > STEP_UP_SECONDS) return false
  const factors = { hasTotp: row.hasTotp === 1, passkeys: row.hasPasskey }
  const rule = { role: row.role, isRequiredOfAdmins: isSecondFactorRequired(edge.env) }
  return isStrong(amr) || !hasSecondFactor(factors, rule)
}
