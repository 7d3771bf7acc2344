/** A television shows a code, a signed-in phone approves it, the television is signed in (RFC 8628 in spirit). */
import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { blindIndex, blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { type Finished, finishSignIn } from '../finish-sign-in.ts'
import { notify } from '../notices.ts'
import { deviceApprovals } from './schema.ts'
import { newTvCode } from './user-code.ts'

export const TV_SECONDS = 10 * 60
export const TV_POLL_SECONDS = 3
/** Televisions that may wait at once: of everybody, and of one network. Anybody can make one wait. */
const WAITING_IN_ALL = 100
const WAITING_OF_ONE_NETWORK = 10

export const nobodyWaits = () => new AppError('link_over', 'No television waits behind this code. Check what it shows.')

/** What the phone shows before it approves: where the television says it is, for a person to compare (RFC 8628 §5.4). */
export const TvCard = z.object({
  userCode: z.string(),
  device: z.string(),
  place: z.string().nullable(),
  network: z.string(),
  expiresAt: z.int(),
})

/** The code to show, and the secret for the television's own cookie. Throws `too_many`. */
export async function beginTv(edge: Edge): Promise<{ userCode: string; secret: string; expiresAt: number }> {
  const [userCode, secret, expiresAt] = [newTvCode(), randomId(32), edge.now + TV_SECONDS]
  const secretMac = await blindIndex(readKeyring(edge.env.KEYRING), 'tv', secret)
  const network = edge.visitor?.network ?? 'unknown'
  const waiting = sql`select count(*) from ${deviceApprovals} where expires_at > ${edge.now} and status = 'waiting'`
  const stored = await edge.db.insert(deviceApprovals).select(
    sql`select ${userCode}, ${secretMac}, ${edge.visitor?.deviceLabel ?? 'Another device'}, ${edge.visitor?.place ?? null},
        ${network}, ${edge.now}, ${expiresAt}, 'waiting', null, null
        where (${waiting}) < ${WAITING_IN_ALL} and (${waiting} and network = ${network}) < ${WAITING_OF_ONE_NETWORK}`,
  )
  if (stored.meta.changes !== 1) {
    throw new AppError('too_many', 'Too many televisions are waiting. Please try again in ten minutes.')
  }
  return { userCode, secret, expiresAt }
}

const isWaiting = (edge: Edge, userCode: string) =>
  and(
    eq(deviceApprovals.userCode, userCode),
    eq(deviceApprovals.status, 'waiting'),
    gt(deviceApprovals.expiresAt, edge.now),
  )

/** Who waits behind a code; undefined for none. */
export async function findTv(edge: Edge, userCode: string): Promise<z.infer<typeof TvCard> | undefined> {
  const [tv] = await edge.db.select().from(deviceApprovals).where(isWaiting(edge, userCode))
  return tv && { userCode, device: tv.deviceLabel, place: tv.place, network: tv.network, expiresAt: tv.expiresAt }
}

type Approver = { id: string; sessionId: string; amr: readonly string[] }

/**
 * Lets the television in as the person who approves, with what they have proved themselves. Of fifty answers to one
 * code the first decides. Throws `link_over`.
 */
export async function answerTv(edge: Edge, userCode: string, person: Approver, isApproved: boolean): Promise<void> {
  const { db } = edge
  const tv = await findTv(edge, userCode)
  if (!tv) throw nobodyWaits()
  const who = { actorId: person.id, sessionId: person.sessionId, details: { device: tv.device } }
  const [answered] = await db.batch([
    db
      .update(deviceApprovals)
      .set(
        isApproved
          ? { status: 'approved', approvedBy: person.id, amr: person.amr.join(',') }
          : { status: 'denied', approvedBy: person.id },
      )
      .where(isWaiting(edge, userCode)),
    writeEventWhen(db, changed, { kind: isApproved ? 'tv_approved' : 'tv_denied', ...who }, edge),
    ...(isApproved ? [notify(edge, person.id, { kind: 'tv_approved', details: { device: tv.device } }, changed)] : []),
  ])
  if (answered.meta.changes !== 1) throw nobodyWaits()
}

/** Still waiting (undefined), or signed in: of fifty polls one takes it. Throws `link_over` once it is denied or old. */
export async function pollTv(edge: Edge, secret: string): Promise<Finished | undefined> {
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'tv', secret)
  const mine = and(inArray(deviceApprovals.secretMac, macs), gt(deviceApprovals.expiresAt, edge.now))
  const [tv] = await edge.db.select().from(deviceApprovals).where(mine)
  if (tv?.status === 'waiting') return undefined
  const [taken] = await edge.db
    .delete(deviceApprovals)
    .where(and(mine, eq(deviceApprovals.status, 'approved')))
    .returning()
  if (!taken?.approvedBy) throw new AppError('link_over', 'This code is over. Please ask for a new one.')
  const amr = (taken.amr ?? '').split(',')
  return finishSignIn(edge, { userId: taken.approvedBy, method: 'tv', amr, isBorrowed: true })
}
