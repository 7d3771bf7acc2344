/** Makes a person of somebody who came from elsewhere: their invite, their row and their identity, all or nothing. */
import { and, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { emailColumns } from '../email.ts'
import { totpFactors } from '../factors/schema.ts'
import { invites } from '../links/schema.ts'
import { users } from '../schema.ts'
import type { ExternalAccount } from './external-way.ts'
import { sealAccount } from './identities.ts'
import { identities } from './schema.ts'

export type Invite = { id: string; role: 'admin' | 'user' }

/** An invite that is good now; undefined for every other. */
export async function findInvite(edge: Edge, secret: string | null): Promise<Invite | undefined> {
  if (secret === null) return undefined
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'invite', secret)
  const [invite] = await edge.db
    .select({ id: invites.id, role: invites.role })
    .from(invites)
    .where(and(inArray(invites.secretMac, macs), isNull(invites.usedAt), gt(invites.expiresAt, edge.now)))
  return invite
}

type Newcomer = {
  provider: string
  account: ExternalAccount
  /** Undefined for a member, who needs none. */
  invite: Invite | undefined
  /** Their address, where a trusted provider proved it: then it is verified here too. Else they have none here. */
  email: string | null
  /** A row that never showed it holds that address. */
  discard: string | null
}

/** Gives the new person's id. Throws `invite_needed` or `identity_taken` when somebody else was quicker. */
export async function createPerson(edge: Edge, newcomer: Newcomer): Promise<string> {
  const { db, now } = edge
  const { provider, account, invite, email, discard } = newcomer
  const [id, role] = [randomId(), invite?.role ?? 'user']
  const { label, email: sealedEmail, token } = await sealAccount(edge, account)
  const address = email === null ? null : await emailColumns(readKeyring(edge.env.KEYRING), id, email)
  const isNew = sql`not exists (select 1 from ${identities} as i where i.issuer = ${account.issuer} and i.subject = ${account.subject})`
  const isAdmitted = invite
    ? sql`exists (select 1 from ${invites} as v where v.id = ${invite.id} and v.used_by = ${id})`
    : sql`true`
  const isMade = sql`exists (select 1 from ${users} where ${users.id} = ${id})`
  const told = (event: Parameters<typeof writeEventWhen>[2]) => writeEventWhen(db, isMade, event, edge)
  await db.batch([
    db
      .update(invites)
      .set({ usedAt: now, usedBy: id })
      .where(and(eq(invites.id, invite?.id ?? ''), isNull(invites.usedAt), gt(invites.expiresAt, now), isNew)),
    db.delete(users).where(and(eq(users.id, discard ?? ''), isUnproved(), isAdmitted, isNew)),
    db.insert(users).select(
      sql`select ${id}, ${address?.email ?? null}, ${address?.emailIndex ?? null}, ${address ? now : null},
          ${account.displayName}, null, 0, ${role}, 'active', ${now} where ${isAdmitted} and ${isNew}`,
    ),
    db.insert(identities).select(
      sql`select ${account.issuer}, ${account.subject}, ${id}, ${provider}, ${label}, ${sealedEmail}, ${token}, ${now}, ${now}
          where ${isMade}`,
    ),
    told({ kind: 'user_created', actorId: id, subjectId: id, details: { role } }),
    told({ kind: 'identity_linked', actorId: id, details: { provider } }),
    ...(invite ? [told({ kind: 'invite_accepted', actorId: id, subjectId: invite.id, details: { role } })] : []),
  ])
  const [made] = await db.select({ id: users.id }).from(users).where(eq(users.id, id))
  if (!made) {
    throw new AppError('invite_needed', 'This invite is no longer good. Please ask for a new one.')
  }
  return id
}

/** What decide-link.ts found of the row, asked again as it is deleted: nothing but a password opens it. */
const isUnproved = (): SQL =>
  sql`${users.emailVerifiedAt} is null and ${users.role} = 'user'
    and not exists (select 1 from ${identities} as i where i.user_id = ${users.id})
    and not exists (select 1 from passkeys as p where p.user_id = ${users.id})
    and not exists (select 1 from ${totpFactors} as t where t.user_id = ${users.id} and t.confirmed_at is not null)`
