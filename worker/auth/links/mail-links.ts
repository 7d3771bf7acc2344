/** Links sent by mail: to confirm an address, to choose a new password. Each is good once, for a while. */
import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { blindIndex, blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { type Account, findAccountByEmail, findAccountById } from '../accounts.ts'
import { openEmail } from '../email.ts'
import { resetLetter, verifyLetter } from '../mail/letters.ts'
import { sendLater } from '../mail/mailer.ts'
import { notify } from '../notices.ts'
import { isSame, newHash } from '../passwords.ts'
import { sessions, users } from '../schema.ts'
import { endStatements } from '../sessions.ts'
import { mailLinks } from './schema.ts'

export const RESET_SECONDS = 30 * 60
export const VERIFY_SECONDS = 24 * 3600

const over = () => new AppError('link_over', 'This link is no longer good. Please ask for a new one.')

type Purpose = (typeof mailLinks.$inferSelect)['purpose']

/** Makes a link and sends it; without an address nothing happens. */
export async function sendLink(edge: Edge, account: Account, purpose: Purpose): Promise<void> {
  const ring = readKeyring(edge.env.KEYRING)
  const to = await openEmail(ring, account)
  if (to === null) return
  const secret = randomId(32)
  const [secretMac, emailIndex] = await Promise.all([
    blindIndex(ring, 'mail-link', secret),
    blindIndex(ring, 'email', to),
  ])
  const expiresAt = edge.now + (purpose === 'reset_password' ? RESET_SECONDS : VERIFY_SECONDS)
  await edge.db
    .insert(mailLinks)
    .values({ secretMac, userId: account.id, purpose, emailIndex, expiresAt, usedAt: null })
  const write = purpose === 'reset_password' ? resetLetter : verifyLetter
  sendLater(edge, write({ to, displayName: account.displayName, origin: edge.appOrigin, secret }))
}

/** The same answer and the same queries whether there is such an account: what differs goes on after the answer. */
export async function forgotPassword(edge: Edge, email: string): Promise<void> {
  const account = await findAccountByEmail(edge, email)
  // An address that nobody proved may be a stranger's: a slip of the keyboard must not give the account away.
  if (account?.status !== 'active' || account.emailVerifiedAt === null) return
  const event = { subjectId: account.id, details: { by: 'person' as const } }
  edge.later(
    (async () => {
      await writeEvent(edge.db, { kind: 'authn_password_reset_asked', ...event }, edge)
      await sendLink(edge, account, 'reset_password')
    })(),
  )
}

/** Takes the link: of any number at once one gets through. Throws `link_over`. */
async function takeLink(edge: Edge, secret: string, purpose: Purpose): Promise<Account> {
  const ring = readKeyring(edge.env.KEYRING)
  const [taken] = await edge.db
    .update(mailLinks)
    .set({ usedAt: edge.now })
    .where(
      and(
        inArray(mailLinks.secretMac, await blindIndexes(ring, 'mail-link', secret)),
        eq(mailLinks.purpose, purpose),
        isNull(mailLinks.usedAt),
        gt(mailLinks.expiresAt, edge.now),
      ),
    )
    .returning()
  const account = taken && (await findAccountById(edge, taken.userId))
  if (account?.status !== 'active') throw over()
  // Sent to an address that the account has no longer: it proves nothing any more.
  const email = await openEmail(ring, account)
  const indexes = email === null ? [] : await blindIndexes(ring, 'email', email)
  if (!indexes.includes(taken?.emailIndex ?? '')) throw over()
  return account
}

export async function verifyEmail(edge: Edge, secret: string): Promise<void> {
  const account = await takeLink(edge, secret, 'verify_email')
  await edge.db.batch([
    edge.db.update(users).set({ emailVerifiedAt: edge.now }).where(eq(users.id, account.id)),
    writeEvent(edge.db, { kind: 'email_verified', actorId: account.id, subjectId: account.id, details: {} }, edge),
  ])
}

/**
 * Sets a new password and ends every session. It signs nobody in, so that the second factor is asked for as ever.
 * A password that may not be used leaves the link good. Gives the sessions that ended.
 */
export async function resetPassword(edge: Edge, secret: string, password: string): Promise<string[]> {
  const peeked = await peek(edge, secret)
  const passwordHash = await newHash(edge, peeked, password)
  const account = await takeLink(edge, secret, 'reset_password')
  if (!isSame(account, peeked)) throw over()
  const { db } = edge
  const who = { actorId: account.id, subjectId: account.id }
  const [, , , , ended] = await db.batch([
    db
      .update(users)
      // Whoever reads the mail of an address owns it: the link has verified it, too.
      .set({ passwordHash, mustChangePassword: false, emailVerifiedAt: edge.now })
      .where(eq(users.id, account.id)),
    db
      .delete(mailLinks)
      .where(and(eq(mailLinks.userId, account.id), eq(mailLinks.purpose, 'reset_password'), isNull(mailLinks.usedAt))),
    writeEvent(db, { kind: 'authn_password_change', ...who, details: { by: 'mail_link' } }, edge),
    notify(edge, account.id, { kind: 'password_changed', details: {} }),
    ...endStatements(edge, { of: eq(sessions.userId, account.id) }, { reason: 'password reset', ...who }),
  ])
  return ended.map(({ id }) => id)
}

/** Whose link it is, without taking it. */
async function peek(edge: Edge, secret: string): Promise<Account> {
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'mail-link', secret)
  const good = and(inArray(mailLinks.secretMac, macs), isNull(mailLinks.usedAt), gt(mailLinks.expiresAt, edge.now))
  const [link] = await edge.db.select({ userId: mailLinks.userId }).from(mailLinks).where(good)
  const account = link && (await findAccountById(edge, link.userId))
  if (!account) throw over()
  return account
}
