/** The people of the household, as an admin sees and changes them. */
import { and, asc, eq, ne, or, type SQL, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { readKeyring } from '../../keyring.ts'
import { findAccountById } from '../accounts.ts'
import { Role } from '../answers.ts'
import { openEmail } from '../email.ts'
import { totpFactors } from '../factors/schema.ts'
import { sendLink } from '../links/mail-links.ts'
import { notify } from '../notices.ts'
import { passkeys } from '../passkeys/schema.ts'
import { sessions, users } from '../schema.ts'
import { endSessions, isLive } from '../sessions.ts'

export const PersonCard = z.object({
  id: z.string(),
  email: z.string(),
  displayName: z.string(),
  role: Role,
  status: z.enum(['active', 'disabled', 'erasing']),
  hasSecondFactor: z.boolean(),
  sessions: z.int(),
  lastUsedAt: z.int().nullable(),
  createdAt: z.int(),
})
export const ChangePerson = z
  .strictObject({ role: Role.optional(), status: z.enum(['active', 'disabled']).optional() })
  .refine(({ role, status }) => role !== undefined || status !== undefined, 'Say what to change.')

const noSuchPerson = () => new AppError('not_found', 'There is no such person here.')

export async function listPeople(edge: Edge): Promise<z.infer<typeof PersonCard>[]> {
  const live = sql`from ${sessions} where ${sessions.userId} = ${users.id} and ${isLive(edge.now)}`
  // Apart, because drizzle takes the tables' names from the columns of a field of a query of one table.
  const ofPasskeys = sql`from ${passkeys} where ${passkeys.userId} = ${users.id}`
  const ofApps = sql`from ${totpFactors} where ${totpFactors.userId} = ${users.id} and ${totpFactors.confirmedAt} is not null`
  const rows = await edge.db
    .select({
      user: users,
      sessions: sql<number>`(select count(*) ${live})`,
      lastUsedAt: sql<number | null>`(select max(${sessions.rotatedAt}) ${live})`,
      factors: sql<number>`(select count(*) ${ofPasskeys}) + (select count(*) ${ofApps})`,
    })
    .from(users)
    .orderBy(asc(users.createdAt))
  return Promise.all(
    rows.map(async ({ user, factors, ...counts }) => ({
      id: user.id,
      email: (await openEmail(readKeyring(edge.env.KEYRING), user)) ?? '',
      displayName: user.displayName,
      role: user.role,
      status: user.status,
      hasSecondFactor: factors > 0,
      createdAt: user.createdAt,
      ...counts,
    })),
  )
}

/**
 * Effective with the person's very next request, because every one of them reads the row. Throws `not_found`, and
 * `last_way_in` when nobody would be left to look after the household. Gives the sessions that ended.
 */
export async function changePerson(
  edge: Edge,
  adminId: string,
  id: string,
  change: z.infer<typeof ChangePerson>,
): Promise<string[]> {
  const before = await findAccountById(edge, id)
  if (!before) throw noSuchPerson()
  if (before.status === 'erasing') throw new AppError('conflict', 'This person has asked to be forgotten.')
  const { role, status } = change
  const staysAdmin = (role ?? before.role) === 'admin' && (status ?? before.status) === 'active'
  const changed = await edge.db
    .update(users)
    .set({ ...(role && { role }), ...(status && { status }) })
    .where(and(eq(users.id, id), staysAdmin ? undefined : isNotLastAdmin(id)))
    .returning({ id: users.id })
  if (changed.length === 0) {
    throw new AppError('last_way_in', 'This is the last admin. Make somebody else an admin first.')
  }
  const who = { actorId: adminId, subjectId: id }
  if (role && role !== before.role) {
    await edge.db.batch([
      writeEvent(
        edge.db,
        { kind: 'privilege_permissions_changed', ...who, details: { from: before.role, to: role } },
        edge,
      ),
      notify(edge, id, { kind: 'role_changed', details: { role } }),
    ])
  }
  if (!status || status === before.status) return []
  const kind = status === 'disabled' ? 'user_disabled' : 'user_enabled'
  await writeEvent(edge.db, { kind, ...who, details: {} }, edge)
  return status === 'disabled'
    ? endSessions(edge, { of: eq(sessions.userId, id) }, { reason: 'account disabled', ...who })
    : []
}

/** Part of the update itself, so that two admins cannot take each other's role at the same moment. */
function isNotLastAdmin(id: string): SQL | undefined {
  const other = sql`exists (select 1 from ${users} as o where o.id <> ${id} and o.role = 'admin' and o.status = 'active')`
  // Somebody who is no active admin now takes nothing away.
  return or(ne(users.role, 'admin'), ne(users.status, 'active'), other)
}

/** Ends all of a person's sessions. Throws `not_found`. */
export async function endSessionsOfPerson(edge: Edge, adminId: string, id: string): Promise<string[]> {
  if (!(await findAccountById(edge, id))) throw noSuchPerson()
  const who = { actorId: adminId, subjectId: id }
  const ended = await endSessions(edge, { of: eq(sessions.userId, id) }, { reason: 'ended by an admin', ...who })
  if (ended.length > 0) await notify(edge, id, { kind: 'sessions_ended_by_admin', details: {} })
  return ended
}

/**
 * Ends their sessions and sends them a link. The admin never sees it and never sets a password (ASVS 6.4.6).
 * Throws `not_found`, `conflict` for somebody without an address.
 */
export async function triggerReset(edge: Edge, adminId: string, id: string): Promise<string[]> {
  const account = await findAccountById(edge, id)
  if (!account) throw noSuchPerson()
  if (account.email === null) throw new AppError('conflict', 'This person has no address to write to.')
  const who = { actorId: adminId, subjectId: id }
  await edge.db.batch([
    // Whoever knows the one before may be the reason for this: only the link opens the account's password again.
    edge.db.update(users).set({ passwordHash: null }).where(eq(users.id, id)),
    writeEvent(edge.db, { kind: 'authn_password_reset_asked', ...who, details: { by: 'admin' } }, edge),
  ])
  await sendLink(edge, account, 'reset_password')
  return endSessionsOfPerson(edge, adminId, id)
}
