/** Stream grants: made, renewed, moved and ended by one conditional statement each. */
import { and, eq, getTableColumns, gt, isNull, type SQL, sql } from 'drizzle-orm'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { STREAM_TOKEN_SECONDS } from '#protocol/stream-token.ts'
import { agents } from '../agents/schema.ts'
import { sessions } from '../auth/schema.ts'
import type { Edge } from '../edge.ts'
import { streamGrants } from './schema.ts'

export type Grant = typeof streamGrants.$inferSelect

export type NewGrant = Pick<Grant, 'id' | 'personId' | 'sessionId' | 'titleId' | 'agentId' | 'sourceId' | 'path'>

/** False when the session or the agent ended while the film was being opened: nothing is granted then. */
export async function insertGrant(edge: Edge, grant: NewGrant): Promise<Grant | undefined> {
  const { db, now } = edge
  const row = {
    ...grant,
    counter: 0,
    createdAt: now,
    expiresAt: now + STREAM_TOKEN_SECONDS,
    revokedAt: null,
    revokeReason: null,
    correlationId: edge.correlationId,
    failures: '[]',
  }
  const inserted = await db.insert(streamGrants).select(
    sql`select ${row.id}, ${row.personId}, ${row.sessionId}, ${row.titleId}, ${row.agentId}, ${row.sourceId}, ${row.path},
        ${row.counter}, ${row.createdAt}, ${row.expiresAt}, null, null, ${row.correlationId}, ${row.failures}
        where exists (select 1 from sessions where id = ${row.sessionId} and revoked_at is null)
        and exists (select 1 from agents where id = ${row.agentId})`,
  )
  return inserted.meta.changes === 1 ? row : undefined
}

const own = (id: string, sessionId: string): SQL | undefined =>
  and(eq(streamGrants.id, id), eq(streamGrants.sessionId, sessionId))

const ended = () => new AppError('token_revoked', 'This stream was ended. Start the film again from its page.')

/** The caller's own grant that was not revoked, expired or not. Another person's does not exist for them. */
export async function readOwnGrant(edge: Edge, id: string, sessionId: string): Promise<Grant> {
  const [grant] = await edge.db.select().from(streamGrants).where(own(id, sessionId))
  if (!grant) throw new AppError('not_found', 'There is no such stream. Start the film again from its page.')
  if (grant.revokedAt !== null) throw ended()
  return grant
}

/** As the grant is now, and who else is of the household: who could go on with it is asked of their hubs. */
export type RenewedGrant = { grant: Grant; otherAgentIds: string[] }

/** One write: the next counter, and five more minutes. Throws `not_found`, `token_revoked`, `token_expired`. */
export async function renewGrant(edge: Edge, id: string, sessionId: string): Promise<RenewedGrant> {
  const { db, now } = edge
  const [renewed] = await db
    .update(streamGrants)
    .set({ counter: sql`${streamGrants.counter} + 1`, expiresAt: now + STREAM_TOKEN_SECONDS })
    .where(and(own(id, sessionId), isNull(streamGrants.revokedAt), gt(streamGrants.expiresAt, now)))
    .returning({
      ...getTableColumns(streamGrants),
      agentIds: sql<string>`(select json_group_array(id) from ${agents})`,
    })
  if (renewed) {
    const { agentIds, ...grant } = renewed
    const all = z.array(z.string()).parse(JSON.parse(agentIds))
    return { grant, otherAgentIds: all.filter((agentId) => agentId !== grant.agentId) }
  }
  await readOwnGrant(edge, id, sessionId)
  throw new AppError('token_expired', 'This stream was left for too long. Go on by starting it again.')
}

/** Points a grant elsewhere. Undefined when it was ended, or moved by somebody else, in the meantime. */
export async function moveGrant(
  edge: Edge,
  before: Grant,
  to: Pick<Grant, 'agentId' | 'sourceId' | 'path' | 'failures'>,
): Promise<Grant | undefined> {
  const [moved] = await edge.db
    .update(streamGrants)
    .set({ ...to, counter: sql`${streamGrants.counter} + 1`, expiresAt: edge.now + STREAM_TOKEN_SECONDS })
    .where(
      and(
        eq(streamGrants.id, before.id),
        eq(streamGrants.failures, before.failures),
        isNull(streamGrants.revokedAt),
        sql`exists (select 1 from ${sessions} where ${sessions.id} = ${before.sessionId} and ${sessions.revokedAt} is null)`,
        sql`exists (select 1 from agents where id = ${to.agentId})`,
      ),
    )
    .returning()
  return moved
}

export type EndedGrant = Pick<Grant, 'id' | 'agentId' | 'expiresAt'>

/** Ends every live grant that matches, and gives those that agents must be told of. */
export async function endGrants(edge: Edge, which: SQL | undefined, reason: string): Promise<EndedGrant[]> {
  return edge.db
    .update(streamGrants)
    .set({ revokedAt: edge.now, revokeReason: reason })
    .where(and(which, isNull(streamGrants.revokedAt), gt(streamGrants.expiresAt, edge.now)))
    .returning({ id: streamGrants.id, agentId: streamGrants.agentId, expiresAt: streamGrants.expiresAt })
}
