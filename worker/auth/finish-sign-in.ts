/** The one end of every way in: disabled accounts, the second factor, five devices, the session, its events. */
import { and, eq, ne, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { type Account, findAccountById, needsSecondFactor } from './accounts.ts'
import type { SecondFactorNeeded } from './answers.ts'
import { cancelErasure } from './cancel-erasure.ts'
import { makeTicket } from './factors/tickets.ts'
import { notify } from './notices.ts'
import { STEP_UP_SECONDS } from './raise-session.ts'
import { sessions } from './schema.ts'
import { isStrong } from './second-factor-rule.ts'
import { endStatements, type Issued, isLive, issueTokens, newSession, type Session } from './sessions.ts'

/** Devices of one person at once; the one unused for longest leaves when another comes. */
export const DEVICES = 5

/** What a way in has proved. `method` is its id (ways-in.ts); `amr` is RFC 8176, with `mfa` once two factors were shown. */
export type Proof = {
  userId: string
  method: string
  amr: readonly string[]
  deviceId?: string | undefined
  /** Nobody proved anything on this device itself: the session may not do what needs a step-up until somebody does. */
  isBorrowed?: boolean
}

export type Finished =
  | { kind: 'signed_in'; issued: Issued; account: Account; endedSessionIds: string[] }
  | { kind: 'second_factor'; needed: SecondFactorNeeded; ticket: string }

/**
 * Signs in whoever a way in has recognised, or asks for their second factor. Everybody comes through here.
 * Throws `wrong_credentials` for an account that is disabled or gone, in the words of a wrong password.
 */
export async function finishSignIn(edge: Edge, proof: Proof): Promise<Finished> {
  const account = await findAccountById(edge, proof.userId)
  if (account?.status !== 'active' && account?.status !== 'erasing') {
    const subject = account ? { subjectId: account.id } : {}
    const details = { method: proof.method, reason: account?.status ?? 'unknown account' }
    await writeEvent(edge.db, { kind: 'authn_login_fail', ...subject, details }, edge)
    throw wrongCredentials()
  }
  if (!isStrong(proof.amr) && needsSecondFactor(edge, account)) {
    return { kind: 'second_factor', ...(await makeTicket(edge, account, proof)) }
  }
  // Who signs in wants to stay. Not before the second factor: half a sign-in decides nothing.
  if (account.status === 'erasing' && !(await cancelErasure(edge, account.id))) throw wrongCredentials()
  const begun = newSession(edge, account.id, proof.amr, proof.deviceId ?? null)
  const session = proof.isBorrowed ? { ...begun, authTime: edge.now - STEP_UP_SECONDS - 1 } : begun
  const endedSessionIds = await beginSession(edge, session, proof.method)
  return { kind: 'signed_in', issued: await issueTokens(edge, account, session), account, endedSessionIds }
}

/** The same for every reason, so that nobody learns who lives here. */
export const wrongCredentials = () =>
  new AppError('wrong_credentials', 'E-mail or password is not right. Please try again.')

/** One transaction: however many sign in at once, no more than five stay. Gives the sessions that had to leave. */
async function beginSession(edge: Edge, session: Session, method: string): Promise<string[]> {
  const { db } = edge
  const mine = eq(sessions.userId, session.userId)
  const kept = sql`(select id from ${sessions} where ${mine} and ${isLive(edge.now)}
    order by id = ${session.id} desc, ${sessions.rotatedAt} desc, rowid desc limit ${DEVICES})`
  const tooMany = and(isLive(edge.now), sql`${sessions.id} not in ${kept}`)
  const [, , gone] = await db.batch([
    db.insert(sessions).values(session),
    writeEvent(
      db,
      { kind: 'authn_login_success', actorId: session.userId, sessionId: session.id, details: { method } },
      edge,
    ),
    ...endStatements(edge, { of: mine, only: tooMany }, { reason: 'device limit', subjectId: session.userId }),
    newDeviceNotice(edge, session),
  ])
  if (gone.length > 0) {
    const told = gone.map(({ deviceLabel }) =>
      notify(edge, session.userId, { kind: 'device_left', details: { device: deviceLabel ?? 'Another device' } }),
    )
    const [first, ...rest] = told
    if (first) await db.batch([first, ...rest])
  }
  return gone.map(({ id }) => id)
}

/** Not for the first device of all, and not for one whose cookie proves that it signed in here before. */
function newDeviceNotice(edge: Edge, session: Session) {
  const others = and(eq(sessions.userId, session.userId), ne(sessions.id, session.id))
  return notify(
    edge,
    session.userId,
    { kind: 'new_device', details: { device: session.deviceLabel ?? 'Another device', place: session.place } },
    session.deviceId === null ? sql`exists (select 1 from ${sessions} where ${others})` : sql`false`,
  )
}
