/** A person's own address: changed after a step-up, and not believed until a letter to it was answered. */
import { eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { readKeyring } from '../../keyring.ts'
import { findAccountById } from '../accounts.ts'
import { emailColumns, whoseEmail } from '../email.ts'
import { sendLink } from '../links/mail-links.ts'
import { users } from '../schema.ts'

/** Throws `conflict` when somebody here has it. */
export async function changeEmail(edge: Edge, userId: string, address: string): Promise<void> {
  const { db } = edge
  const ring = readKeyring(edge.env.KEYRING)
  const [holder] = await db
    .select({ id: users.id })
    .from(users)
    .where(await whoseEmail(ring, address))
  if (holder && holder.id !== userId) throw new AppError('conflict', 'Somebody here has this address already.')
  const columns = await emailColumns(ring, userId, address)
  await db.batch([
    db
      .update(users)
      .set({ ...columns, emailVerifiedAt: null })
      .where(eq(users.id, userId)),
    writeEvent(db, { kind: 'email_changed', actorId: userId, subjectId: userId, details: {} }, edge),
  ])
  await sendVerification(edge, userId)
}

/** Sends the letter again. Nothing happens for an address that is verified. */
export async function sendVerification(edge: Edge, userId: string): Promise<void> {
  const account = await findAccountById(edge, userId)
  if (account && account.emailVerifiedAt === null) await sendLink(edge, account, 'verify_email')
}
