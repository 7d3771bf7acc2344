/** Being forgotten: asked for, taken back by signing in within seven days, then done for good by a task. */
import { and, eq, lte, ne, or, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { agents, pairingTries } from '../agents/schema.ts'
import { changed } from '../audit/row-changed.ts'
import { auditEvents } from '../audit/schema.ts'
import { writeEventWhen } from '../audit/write-event.ts'
import { invites } from '../auth/links/schema.ts'
import { erasures } from '../auth/people/schema.ts'
import { sessions, users } from '../auth/schema.ts'
import { endSessions } from '../auth/sessions.ts'
import type { Edge } from '../edge.ts'
import { log } from '../log.ts'
import { connectionAsks, subtitleAsks } from '../playback/schema.ts'
import { randomId } from '../random-id.ts'

export const COOLING_OFF_SECONDS = 7 * 24 * 3600

/**
 * Closes the account and ends its sessions, whose ids it gives so that streams and agents' tokens end too. Throws
 * `last_way_in` for the household's last admin, `conflict` when it was asked for already.
 */
export async function askErasure(edge: Edge, userId: string): Promise<{ dueAt: number; endedSessionIds: string[] }> {
  const { db, now } = edge
  const dueAt = now + COOLING_OFF_SECONDS
  const isErasing = sql`exists (select 1 from ${users} where ${users.id} = ${userId} and ${users.status} = 'erasing')`
  // One statement decides, so that two admins who leave at once do not leave the household without one.
  const [closed] = await db.batch([
    db
      .update(users)
      .set({ status: 'erasing' })
      .where(
        and(
          eq(users.id, userId),
          eq(users.status, 'active'),
          or(
            ne(users.role, 'admin'),
            sql`exists (select 1 from users as other where other.id <> ${userId} and other.role = 'admin' and other.status = 'active')`,
          ),
        ),
      ),
    writeEventWhen(
      db,
      changed,
      { kind: 'erasure_asked', actorId: userId, subjectId: userId, details: { dueAt } },
      edge,
    ),
    db.insert(erasures).select(sql`select ${userId}, ${now}, ${dueAt} where ${isErasing}`).onConflictDoNothing(),
  ])
  if (closed.meta.changes !== 1) {
    const [row] = await db.select({ status: users.status }).from(users).where(eq(users.id, userId))
    if (row?.status !== 'active') throw new AppError('conflict', 'This account is being erased already.')
    throw new AppError('last_way_in', 'You are the last admin here. Make somebody else an admin first, then leave.')
  }
  const ending = { reason: 'erasure asked for', subjectId: userId }
  return { dueAt, endedSessionIds: await endSessions(edge, { of: eq(sessions.userId, userId) }, ending) }
}

/** A task: erases everybody whose week is over. One that fails does not keep the others. */
export async function eraseDue(edge: Edge): Promise<void> {
  const due = await edge.db
    .select({ userId: erasures.userId })
    .from(erasures)
    .where(lte(erasures.dueAt, edge.now))
    .limit(20)
  for (const { userId } of due) {
    try {
      await erase(edge, userId)
    } catch (error) {
      log('error', 'erasure_failed', { correlationId: edge.correlationId, personId: userId, error })
    }
  }
}

/**
 * One transaction, and each statement asks again whether the erasure is still due: a sign-in that cancels it comes
 * wholly before or finds nobody. Audit rows stay, under a name that leads nowhere; all else goes with the row.
 */
async function erase(edge: Edge, userId: string): Promise<void> {
  const { db, now } = edge
  const nobody = `erased-${randomId()}`
  const isDue = sql`exists (select 1 from ${erasures} where ${erasures.userId} = ${userId} and ${erasures.dueAt} <= ${now})
    and exists (select 1 from ${users} where ${users.id} = ${userId} and ${users.status} = 'erasing')`
  await db.batch([
    db
      .update(auditEvents)
      .set({ address: null, device: null })
      .where(and(or(eq(auditEvents.actorId, userId), eq(auditEvents.subjectId, userId)), isDue)),
    db
      .update(auditEvents)
      .set({ actorId: nobody })
      .where(and(eq(auditEvents.actorId, userId), isDue)),
    db
      .update(auditEvents)
      .set({ subjectId: nobody })
      .where(and(eq(auditEvents.subjectId, userId), isDue)),
    db
      .update(agents)
      .set({ pairedBy: null })
      .where(and(eq(agents.pairedBy, userId), isDue)),
    db
      .update(invites)
      .set({ usedBy: nobody })
      .where(and(eq(invites.usedBy, userId), isDue)),
    db.delete(pairingTries).where(and(eq(pairingTries.personId, userId), isDue)),
    db.delete(subtitleAsks).where(and(eq(subtitleAsks.personId, userId), isDue)),
    db.delete(connectionAsks).where(and(eq(connectionAsks.personId, userId), isDue)),
    // Everything else refers to this row and goes with it.
    db.delete(users).where(and(eq(users.id, userId), isDue)),
    writeEventWhen(db, changed, { kind: 'user_erased', subjectId: nobody, details: {} }, edge),
  ])
}
