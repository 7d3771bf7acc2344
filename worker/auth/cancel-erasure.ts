/** Signing in takes back a wish to be forgotten, while its week is not over. */
import { and, eq, sql } from 'drizzle-orm'
import { changed } from '../audit/row-changed.ts'
import { writeEventWhen } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { erasures } from './people/schema.ts'
import { users } from './schema.ts'

/** False when there was nothing to take back any more: the task was quicker. */
export async function cancelErasure(edge: Edge, userId: string): Promise<boolean> {
  const { db } = edge
  const [opened] = await db.batch([
    db
      .update(users)
      .set({ status: 'active' })
      .where(and(eq(users.id, userId), eq(users.status, 'erasing'))),
    writeEventWhen(db, changed, { kind: 'erasure_cancelled', actorId: userId, subjectId: userId, details: {} }, edge),
    db.delete(erasures).where(and(eq(erasures.userId, userId), sql`changes() = 1`)),
  ])
  return opened.meta.changes === 1
}
