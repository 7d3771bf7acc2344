/** Refresh: one conditional update decides which of any number of simultaneous refreshes rotates. */
import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../audit/row-changed.ts'
import { writeEventWhen } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { judgeRefresh } from './judge-refresh.ts'
import { notify } from './notices.ts'
import { readRefreshToken } from './refresh-token.ts'
import { sessions, users } from './schema.ts'
import { sessionEnded } from './session-ended.ts'
import { endStatements, type Issued, isLive, issueTokens, SESSION_IDLE_SECONDS, type Session } from './sessions.ts'

/**
 * New tokens for the bearer of a refresh token. The winner gets the next generation; the generation before it gets
 * the very same tokens for ten seconds; anything older is a stolen copy, and ends the whole family.
 * Throws `session_ended` (nothing was changed) or `refresh_reused` (the session is over).
 */
export async function rotateSession(edge: Edge, sessionId: string, presented: string | undefined): Promise<Issued> {
  const token = presented && (await readRefreshToken(readKeyring(edge.env.KEYRING), presented))
  if (!token || token.sessionId !== sessionId) throw sessionEnded()

  const { won, found } = await tryRotate(edge, sessionId, token.generation)
  if (found?.user.status !== 'active') throw sessionEnded()
  const { session } = found
  const user = { ...found.user, id: session.userId }
  if (won) return issueTokens(edge, user, session)
  const verdict = judgeRefresh(token.generation, session, edge.now)
  if (verdict === 'current_again') return issueTokens(edge, user, session)
  if (verdict === 'reused') throw await endFamily(edge, session, token.generation)
  throw sessionEnded()
}

// A batch gives its rows by column name: no name may be the session's, too.
const { email, displayName, role, status, mustChangePassword } = getTableColumns(users)
const columnsOfUser = { email, displayName, role, status, mustChangePassword }

/** One round trip, one transaction: the update, and both rows as they are after it, whoever won. */
async function tryRotate(edge: Edge, sessionId: string, generation: number) {
  const { db, now } = edge
  const [rotated, [found]] = await db.batch([
    db
      .update(sessions)
      .set({
        generation: generation + 1,
        rotatedAt: now,
        // Where and with what it was last used: the same one row.
        ...(edge.visitor && {
          deviceLabel: edge.visitor.deviceLabel,
          place: edge.visitor.place,
          network: edge.visitor.network,
        }),
        idleExpiresAt: sql`min(${now + SESSION_IDLE_SECONDS}, ${sessions.absoluteExpiresAt})`,
      })
      .where(and(eq(sessions.id, sessionId), eq(sessions.generation, generation), isLive(now))),
    db
      .select({ session: sessions, user: columnsOfUser })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.id, sessionId)),
  ])
  return { won: rotated.meta.changes === 1, found }
}

async function endFamily(edge: Edge, session: Session, presented: number): Promise<AppError> {
  const { db } = edge
  const [update] = endStatements(edge, { of: eq(sessions.id, session.id) }, { reason: 'refresh token used again' })
  const details = { presented, current: session.generation }
  await db.batch([
    update,
    // Of fifty copies at once one ends it, and one event tells of it.
    writeEventWhen(
      db,
      changed,
      { kind: 'authn_token_reuse', subjectId: session.userId, sessionId: session.id, details },
      edge,
    ),
    notify(edge, session.userId, { kind: 'key_reused', details: {} }, changed),
  ])
  return new AppError(
    'refresh_reused',
    'This session was ended because an old copy of its key was used. Please sign in again; if that was not you, change your password.',
  )
}
