/** What a viewer has watched, newest first, page by page; and one viewing taken out of it. */
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Viewer } from '../../auth/viewer.ts'
import { titles } from '../../catalog/schema.ts'
import { suitableFor } from '../../catalog/suitable.ts'
import { titleCardFor } from '../../catalog/titles.ts'
import type { Edge } from '../../edge.ts'
import { runAll } from '../../run-all.ts'
import { episodeColumns, episodeOf, show } from '../episode-of.ts'
import { watchEvents } from '../schema.ts'
import { queueFrom } from '../trakt/outbox.ts'
import { sendSoon } from '../trakt/send-outbox.ts'
import type { HistoryPage } from './answers.ts'
import { rewindShow } from './rewind-show.ts'

const PAGE_ITEMS = 50

/** One query along its key; a page costs its own rows, however long the history is. */
export async function readHistory({ db }: Edge, viewer: Viewer, cursor?: string): Promise<HistoryPage> {
  const [, ms, titleId] = /^(\d+)\.(.+)$/.exec(cursor ?? '') ?? []
  const before =
    ms === undefined
      ? undefined
      : sql`(${watchEvents.watchedAtMs}, ${watchEvents.titleId}) < (${Number(ms)}, ${titleId})`
  const rows = await db
    .select({
      title: titleCardFor(viewer),
      ...episodeColumns(viewer),
      watchedAtMs: watchEvents.watchedAtMs,
      origin: watchEvents.origin,
    })
    .from(watchEvents)
    .innerJoin(titles, eq(titles.id, watchEvents.titleId))
    .leftJoin(show, eq(show.id, titles.showId))
    .where(and(eq(watchEvents.viewerId, viewer.id), before, suitableFor(viewer)))
    .orderBy(desc(watchEvents.watchedAtMs), desc(watchEvents.titleId))
    .limit(PAGE_ITEMS + 1)
  const page = rows.slice(0, PAGE_ITEMS)
  const last = rows.length > PAGE_ITEMS ? page.at(-1) : undefined
  return {
    items: page.map((row) => {
      const { title, watchedAtMs, origin } = row
      return { title, episode: episodeOf(row), watchedAtMs, origin }
    }),
    next: last ? `${last.watchedAtMs}.${last.title.id}` : null,
  }
}

/** At Trakt too, where its number of it is known. Twice is once. */
export async function forgetViewing(edge: Edge, viewer: Viewer, titleId: string, watchedAtMs: number): Promise<void> {
  const isIt = sql`viewer_id = ${viewer.id} and watched_at_ms = ${watchedAtMs} and title_id = ${titleId}`
  const { changes } = await runAll(edge, [
    queueFrom(
      { watcher: viewer, nowMs: edge.nowMs },
      'sync/history/remove',
      sql`select json_object('titleId', title_id, 'atMs', ${edge.nowMs}, 'traktId', trakt_id) as body
          from watch_events where ${isIt} and trakt_id is not null`,
    ),
    sql`delete from watch_events where ${isIt}`,
    ...rewindShow(viewer, sql`select show_id from titles where id = ${titleId}`),
  ])
  if (changes[0] === 1) sendSoon(edge, viewer.personId)
}
