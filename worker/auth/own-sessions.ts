/** A person's sessions as a list they recognise, and ending some of them. */
import { and, desc, eq, ne } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../edge.ts'
import { sessions } from './schema.ts'
import { endSessions, isLive } from './sessions.ts'

/** `lastUsedAt` is exact to within the life of an access token (15 minutes). */
export const SessionCard = z.object({
  id: z.string(),
  device: z.string(),
  place: z.string().nullable(),
  network: z.string().nullable(),
  createdAt: z.int(),
  lastUsedAt: z.int(),
  isCurrent: z.boolean(),
})
export type SessionCard = z.infer<typeof SessionCard>

/** The live ones, the one used last first. */
export async function listSessions(edge: Edge, userId: string, currentId: string): Promise<SessionCard[]> {
  const rows = await edge.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive(edge.now)))
    .orderBy(desc(sessions.rotatedAt))
  return rows.map(({ id, deviceLabel, place, network, createdAt, rotatedAt }) => ({
    id,
    device: deviceLabel ?? 'Another device',
    place,
    network,
    createdAt,
    lastUsedAt: rotatedAt,
    isCurrent: id === currentId,
  }))
}

/** Throws `not_found` for a session that is not theirs or is over. Gives the ids that ended. */
export async function endOneSession(
  edge: Edge,
  userId: string,
  sessionId: string,
  actorId = userId,
): Promise<string[]> {
  const of = and(eq(sessions.id, sessionId), eq(sessions.userId, userId)) ?? eq(sessions.id, sessionId)
  const ended = await endSessions(
    edge,
    { of },
    {
      reason: actorId === userId ? 'ended by its person' : 'ended by an admin',
      actorId,
      subjectId: userId,
    },
  )
  if (ended.length === 0) throw new AppError('not_found', 'There is no such session. It may have ended already.')
  return ended
}

/** All but one, or all. */
export function endSessionsOf(edge: Edge, userId: string, keepId: string | null, reason: string, actorId = userId) {
  const only = keepId === null ? undefined : ne(sessions.id, keepId)
  return endSessions(edge, { of: eq(sessions.userId, userId), only }, { reason, actorId, subjectId: userId })
}
