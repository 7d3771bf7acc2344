/** What a viewer thinks of a title: 1 to 10 stars, taken back at will, and told to whoever's Trakt they have. */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Viewer } from '../../auth/viewer.ts'
import { titles } from '../../catalog/schema.ts'
import { suitableFor } from '../../catalog/suitable.ts'
import type { Edge } from '../../edge.ts'
import { runAll } from '../../run-all.ts'
import { ratings } from '../schema.ts'
import { queueFrom } from '../trakt/outbox.ts'
import { sendSoon } from '../trakt/send-outbox.ts'
import type { Rate, Rating } from './answers.ts'

/** Null: this viewer has not rated it, or may not see it. */
export async function readRating({ db }: Edge, viewer: Viewer, titleId: string): Promise<Rating | null> {
  const [row] = await db
    .select({ stars: ratings.stars, ratedAtMs: ratings.ratedAtMs })
    .from(ratings)
    .innerJoin(titles, eq(titles.id, ratings.titleId))
    .where(and(eq(ratings.viewerId, viewer.id), eq(ratings.titleId, titleId), suitableFor(viewer)))
  return row ?? null
}

/** The same stars again change nothing. Throws `not_found` for what is not for this viewer, `invalid` for a season. */
export async function rate(edge: Edge, viewer: Viewer, titleId: string, { stars }: Rate): Promise<void> {
  await requireRateable(edge, viewer, titleId)
  const on = { watcher: viewer, nowMs: edge.nowMs }
  const isNew = sql`not exists (select 1 from ratings where ${isOf(viewer, titleId)} and stars = ${stars})`
  const body = sql`select json_object('titleId', ${titleId}, 'atMs', ${edge.nowMs}, 'stars', ${stars}) as body where ${isNew}`
  const { changes } = await runAll(edge, [
    queueFrom(on, 'sync/ratings', body),
    sql`insert into ratings (viewer_id, person_id, title_id, stars, rated_at_ms)
        values (${viewer.id}, ${viewer.personId}, ${titleId}, ${stars}, ${edge.nowMs})
        on conflict (viewer_id, title_id) do update set stars = excluded.stars, rated_at_ms = excluded.rated_at_ms
        where stars <> excluded.stars`,
  ])
  if (changes[0] === 1) sendSoon(edge, viewer.personId)
}

/** Twice is once. */
export async function takeRatingBack(edge: Edge, viewer: Viewer, titleId: string): Promise<void> {
  const on = { watcher: viewer, nowMs: edge.nowMs }
  const isRated = sql`exists (select 1 from ratings where ${isOf(viewer, titleId)})`
  const body = sql`select json_object('titleId', ${titleId}, 'atMs', ${edge.nowMs}) as body where ${isRated}`
  const { changes } = await runAll(edge, [
    queueFrom(on, 'sync/ratings/remove', body),
    sql`delete from ratings where ${isOf(viewer, titleId)}`,
  ])
  if (changes[0] === 1) sendSoon(edge, viewer.personId)
}

const isOf = ({ id }: Viewer, titleId: string): SQL => sql`viewer_id = ${id} and title_id = ${titleId}`

async function requireRateable({ db }: Edge, viewer: Viewer, titleId: string): Promise<void> {
  const [title] = await db
    .select({ kind: titles.kind })
    .from(titles)
    .where(and(eq(titles.id, titleId), suitableFor(viewer)))
  if (!title) throw new AppError('not_found', 'There is no such title. It may have been withdrawn.')
  if (title.kind === 'season') throw new AppError('invalid', 'Rate the show, or one of its episodes.')
}
