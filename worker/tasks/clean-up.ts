/** Deletes what has been over for long enough that nobody asks about it any more. */
import { lt, or, sql } from 'drizzle-orm'
import { pairings, pairingTries } from '../agents/schema.ts'
import { signInTickets } from '../auth/factors/schema.ts'
import { mailLinks } from '../auth/links/schema.ts'
import { passkeyChallenges } from '../auth/passkeys/schema.ts'
import { sessions } from '../auth/schema.ts'
import { deviceApprovals } from '../auth/tv/schema.ts'
import { authTransactions } from '../auth/ways/schema.ts'
import { LONGEST_SECONDS } from '../cache/cache.ts'
import { cacheEntries, cacheTags } from '../cache/schema.ts'
import { forgetOldFinds } from '../catalog/found/forget-old-finds.ts'
import type { Edge } from '../edge.ts'
import { streamGrants } from '../playback/schema.ts'
import { forgetUsage } from '../relay/usage.ts'
import { forgetRuns } from './task-store.ts'

const DAY = 24 * 3600
/** Ended sessions stay a while: an old refresh token that turns up is then still told apart from a made-up one. */
const ENDED_SESSION_SECONDS = 30 * DAY

/** Never what is live: every condition is an end that lies at least a day back. */
export async function cleanUp(edge: Edge): Promise<void> {
  const { db, now, nowMs } = edge
  const yesterday = now - DAY
  await db.batch([
    forgetRuns(edge),
    forgetOldFinds(edge),
    db.delete(streamGrants).where(lt(streamGrants.expiresAt, yesterday)),
    forgetUsage(edge),
    db.delete(pairings).where(lt(pairings.expiresAt, yesterday)),
    db.delete(signInTickets).where(lt(signInTickets.expiresAt, yesterday)),
    db.delete(passkeyChallenges).where(lt(passkeyChallenges.expiresAt, yesterday)),
    db.delete(mailLinks).where(lt(mailLinks.expiresAt, yesterday)),
    db.delete(deviceApprovals).where(lt(deviceApprovals.expiresAt, yesterday)),
    db.delete(authTransactions).where(lt(authTransactions.expiresAt, yesterday)),
    db.delete(pairingTries).where(lt(pairingTries.startedAt, yesterday)),
    db.delete(cacheEntries).where(lt(cacheEntries.staleUntilMs, nowMs)),
    // Whatever was stored before such a change is gone by then.
    db.delete(cacheTags).where(lt(cacheTags.changedAtMs, nowMs - LONGEST_SECONDS * 1000 - DAY * 1000)),
    db
      .delete(sessions)
      .where(
        or(
          lt(sessions.absoluteExpiresAt, yesterday),
          lt(sessions.idleExpiresAt, now - ENDED_SESSION_SECONDS),
          sql`${sessions.revokedAt} < ${now - ENDED_SESSION_SECONDS}`,
        ),
      ),
  ])
}
