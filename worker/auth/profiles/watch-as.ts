/** Who watches with a session: one of the account's profiles, or its person. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Edge } from '../../edge.ts'
import { requireStepUp, type SignedInPerson } from '../may.ts'
import { sessions } from '../schema.ts'
import { noSuchProfile, type ProfileCard } from './profiles.ts'
import { profiles } from './schema.ts'

/** Whether a cap of `to` shows more than one of `from`. Years; null shows everything. */
export const showsMore = (from: number | null, to: number | null): boolean =>
  from !== null && (to === null || to > from)

/**
 * From now on, on every device of this session: null is the person. A child leaves its cap only by the PIN of the
 * profile it goes to, which was asked for before this, or with the account's own proof. Throws `step_up_needed`, and
 * `not_found` for a profile that was removed in the meantime: a session left with it would show nothing to anybody.
 */
export async function watchAs(edge: Edge, person: SignedInPerson, profile: ProfileCard | null): Promise<void> {
  const isOpened = profile?.hasPin === true
  if (!isOpened && showsMore(person.viewer.capYears, profile?.ratingCap ?? null)) await requireStepUp(edge, person)
  const isThere = profile ? sql`exists (select 1 from ${profiles} where ${profiles.id} = ${profile.id})` : undefined
  const changed = await edge.db
    .update(sessions)
    .set({ profileId: profile?.id ?? null })
    .where(and(eq(sessions.id, person.sessionId), isNull(sessions.revokedAt), isThere))
  if (profile && changed.meta.changes !== 1) throw noSuchProfile()
}
