/** Step-up: the person has just proved again who they are, and the session remembers when and how. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Edge } from '../edge.ts'
import { sessions } from './schema.ts'

/** For this long after a proof a session may do what needs one. */
export const STEP_UP_SECONDS = 10 * 60

/** The statement that sets `auth_time` to now and adds the methods that are not among the session's yet. */
export function raiseStatement(edge: Edge, sessionId: string, amr: readonly string[]) {
  const merged = amr.reduce(
    (list, method) =>
      sql`case when instr(',' || ${list} || ',', ${`,${method},`}) then ${list} else ${list} || ${`,${method}`} end`,
    sql`${sessions.amr}`,
  )
  return edge.db
    .update(sessions)
    .set({ authTime: edge.now, amr: merged })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
    .returning()
}
