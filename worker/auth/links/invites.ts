/** Invites: the only way in for somebody new. A link with a role and an end, good once. */
import { and, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { writeEvent, writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { blindIndex, blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { findAccountById } from '../accounts.ts'
import { DisplayName, Email, LinkSecret, Password, Role } from '../answers.ts'
import { emailColumns, whoseEmail } from '../email.ts'
import { type Finished, finishSignIn } from '../finish-sign-in.ts'
import { checkNewPassword } from '../password-policy.ts'
import { users } from '../schema.ts'
import { hashed, passwordHasher } from '../sessions.ts'
import { sendLink } from './mail-links.ts'
import { invites } from './schema.ts'

const DAY = 24 * 3600

export const MakeInvite = z.strictObject({
  role: Role,
  note: z.string().trim().max(60).default(''),
  expiresInSeconds: z
    .int()
    .min(3600)
    .max(30 * DAY)
    .default(7 * DAY),
})
export const InviteCard = z.object({
  id: z.string(),
  role: Role,
  note: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  usedAt: z.int().nullable(),
})
/** The link is shown this once: only a MAC of its secret is kept. */
export const MadeInvite = InviteCard.extend({ link: z.string() })
export const LookAtInvite = z.strictObject({ secret: LinkSecret })
export const OpenInvite = z.object({ role: Role, invitedBy: z.string(), expiresAt: z.int() })
export const AcceptInvite = z.strictObject({
  secret: LinkSecret,
  email: Email,
  displayName: DisplayName,
  password: Password,
})

const over = () => new AppError('link_over', 'This invite is no longer good. Please ask for a new one.')

export async function makeInvite(
  edge: Edge,
  adminId: string,
  wanted: z.infer<typeof MakeInvite>,
): Promise<z.infer<typeof MadeInvite>> {
  const [id, secret] = [randomId(), randomId(32)]
  const secretMac = await blindIndex(readKeyring(edge.env.KEYRING), 'invite', secret)
  const { role, note } = wanted
  const card = { id, role, note, createdAt: edge.now, expiresAt: edge.now + wanted.expiresInSeconds, usedAt: null }
  await edge.db.batch([
    edge.db.insert(invites).values({ ...card, secretMac, createdBy: adminId, usedBy: null }),
    writeEvent(
      edge.db,
      { kind: 'invite_made', actorId: adminId, subjectId: id, details: { role, expiresAt: card.expiresAt } },
      edge,
    ),
  ])
  return { ...card, link: `${edge.appOrigin}/invite#${secret}` }
}

/** The newest hundred. */
export async function listInvites(edge: Edge): Promise<z.infer<typeof InviteCard>[]> {
  const rows = await edge.db.select().from(invites).orderBy(desc(invites.createdAt)).limit(100)
  return rows.map(({ id, role, note, createdAt, expiresAt, usedAt }) => {
    return { id, role, note, createdAt, expiresAt, usedAt }
  })
}

/** Throws `not_found` for one that is used or gone. */
export async function withdrawInvite(edge: Edge, adminId: string, id: string): Promise<void> {
  const gone = await edge.db
    .delete(invites)
    .where(and(eq(invites.id, id), isNull(invites.usedAt)))
    .returning({ id: invites.id })
  if (gone.length === 0) throw new AppError('not_found', 'There is no such open invite.')
  await writeEvent(edge.db, { kind: 'invite_revoked', actorId: adminId, subjectId: id, details: {} }, edge)
}

async function isOpen(edge: Edge, secret: string) {
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'invite', secret)
  return and(inArray(invites.secretMac, macs), isNull(invites.usedAt), gt(invites.expiresAt, edge.now))
}

/** Who invites to what. Throws `link_over`. */
export async function lookAtInvite(edge: Edge, secret: string): Promise<z.infer<typeof OpenInvite> & { id: string }> {
  const [invite] = await edge.db
    .select({ id: invites.id, role: invites.role, invitedBy: users.displayName, expiresAt: invites.expiresAt })
    .from(invites)
    .innerJoin(users, eq(users.id, invites.createdBy))
    .where(await isOpen(edge, secret))
  if (!invite) throw over()
  return invite
}

/**
 * Makes the person and signs them in. One transaction: of fifty who use one invite, one comes in. Throws `link_over`,
 * `invalid`, and `conflict` for an address that somebody here has: they hold the invite, so they may know.
 */
export async function acceptInvite(edge: Edge, request: z.infer<typeof AcceptInvite>): Promise<Finished> {
  const { db, now } = edge
  const invite = await lookAtInvite(edge, request.secret)
  checkNewPassword(request.password, [request.email, request.displayName])
  const ring = readKeyring(edge.env.KEYRING)
  const taken = await db
    .select({ id: users.id })
    .from(users)
    .where(await whoseEmail(ring, request.email))
  if (taken.length > 0)
    throw new AppError('conflict', 'Somebody here has this address already. Please sign in instead.')
  const passwordHash = hashed(await passwordHasher(edge).hash(request.password))
  const id = randomId()
  const { email, emailIndex } = await emailColumns(ring, id, request.email)
  const isMine = sql`exists (select 1 from ${invites} as v where v.id = ${invite.id} and v.used_by = ${id})`
  const who = { actorId: id, subjectId: id }
  const [used] = await db.batch([
    db
      .update(invites)
      .set({ usedAt: now, usedBy: id })
      .where(and(eq(invites.id, invite.id), await isOpen(edge, request.secret)))
      .returning({ id: invites.id }),
    db.insert(users).select(
      sql`select ${id}, ${email}, ${emailIndex}, null, ${request.displayName}, ${passwordHash}, 0,
          ${invite.role}, 'active', ${now} where ${isMine}`,
    ),
    writeEventWhen(db, isMine, { kind: 'user_created', ...who, details: { role: invite.role } }, edge),
    writeEventWhen(
      db,
      isMine,
      { kind: 'invite_accepted', actorId: id, subjectId: invite.id, details: { role: invite.role } },
      edge,
    ),
  ])
  if (used.length === 0) throw over()
  const account = await findAccountById(edge, id)
  if (account) await sendLink(edge, account, 'verify_email')
  return finishSignIn(edge, { userId: id, method: 'invite', amr: ['pwd'] })
}
