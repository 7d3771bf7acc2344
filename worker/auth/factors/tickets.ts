/** Between the first factor and the second: a ticket that is good once, for five minutes, in one browser. */
import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { blindIndex, blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { type Account, secondFactorsOf } from '../accounts.ts'
import type { SecondFactorNeeded } from '../answers.ts'
import type { Proof } from '../finish-sign-in.ts'
import { signInTickets } from './schema.ts'

export const TICKET_SECONDS = 5 * 60
/** Wrong second factors one ticket forgives (RFC 4226 §7.3). */
export const TICKET_TRIES = 5

export type Ticket = typeof signInTickets.$inferSelect

const over = () => new AppError('link_over', 'That took too long, or too many codes were wrong. Please sign in again.')

/** The row, and the cookie's value: `<id>.<secret>`. */
export async function makeTicket(
  edge: Edge,
  account: Account,
  proof: Proof,
): Promise<{ needed: SecondFactorNeeded; ticket: string }> {
  const [id, secret, expiresAt] = [randomId(), randomId(32), edge.now + TICKET_SECONDS]
  const secretMac = await blindIndex(readKeyring(edge.env.KEYRING), 'ticket', secret)
  const { method } = proof
  await edge.db.batch([
    edge.db
      .insert(signInTickets)
      .values({ id, secretMac, userId: account.id, amr: proof.amr.join(','), method, tries: 0, expiresAt }),
    writeEvent(edge.db, { kind: 'authn_second_factor_asked', subjectId: account.id, details: { method } }, edge),
  ])
  return { needed: { secondFactor: { methods: secondFactorsOf(account), expiresAt } }, ticket: `${id}.${secret}` }
}

/** The ticket of a browser, untouched. Throws `link_over`. */
export async function readTicket(edge: Edge, cookie: string): Promise<Ticket> {
  const [ticket] = await edge.db
    .select()
    .from(signInTickets)
    .where(await isGood(edge, cookie))
  if (!ticket) throw over()
  return ticket
}

/** Counts one try before it is looked at, so that a hundred at once get no more than five. Throws `link_over`. */
export async function takeTry(edge: Edge, cookie: string): Promise<Ticket> {
  const [ticket] = await edge.db
    .update(signInTickets)
    .set({ tries: sql`${signInTickets.tries} + 1` })
    .where(await isGood(edge, cookie))
    .returning()
  if (!ticket) throw over()
  return ticket
}

/** Of any number at once, one gets through. Throws `link_over`. */
export async function spendTicket(edge: Edge, ticket: Ticket): Promise<void> {
  const used = await edge.db
    .delete(signInTickets)
    .where(eq(signInTickets.id, ticket.id))
    .returning({ id: signInTickets.id })
  if (used.length === 0) throw over()
}

async function isGood(edge: Edge, cookie: string) {
  const [id = '', secret = ''] = cookie.split('.')
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'ticket', secret)
  return and(
    eq(signInTickets.id, id),
    inArray(signInTickets.secretMac, macs),
    gt(signInTickets.expiresAt, edge.now),
    lt(signInTickets.tries, TICKET_TRIES),
  )
}
