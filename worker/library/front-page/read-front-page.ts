/** Everything that the front page shows, read in one round trip. */
import { and, asc, desc, eq, gte, isNotNull, lt, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Viewer } from '../../auth/viewer.ts'
import type { TitleCard } from '../../catalog/answers.ts'
import { listItems, mediaLists } from '../../catalog/lists/schema.ts'
import { titles } from '../../catalog/schema.ts'
import { suitableFor } from '../../catalog/suitable.ts'
import { isFilmOrShow, titleCardFor } from '../../catalog/titles.ts'
import type { Edge } from '../../edge.ts'
import type { NextEpisode } from '../answers.ts'
import { episodeColumns, episodeOf, show, type WithEpisode } from '../episode-of.ts'
import { watchlistId } from '../lists/watchlist.ts'
import { FINISHED_PART } from '../merge-progress.ts'
import { nameFor } from '../name-for.ts'
import { progress, showProgress } from '../schema.ts'
import type { ContinueCard, FrontPage } from './answers.ts'
import { composeRows } from './compose-rows.ts'

/** More than a wide screen shows at once; the list itself goes on. With all rows full they are within three hundred reads. */
const ROW_TITLES = 9
const SHELF_TITLES = 18
const PERSONAL_ROWS = 2
/** Of a long history of shows, most of which came to their end, the next episode is looked for in the last of them. */
const MOST_SHOWS = 16
const BUILTIN_ROWS = ['trending-movies', 'trending-shows', 'popular-movies', 'top-rated-movies']

/** For one viewer: nothing on it is above their cap. */
export async function readFrontPage(edge: Edge, viewer: Viewer): Promise<FrontPage> {
  const { db } = edge
  const builtin = BUILTIN_ROWS.map((id) => itemsOf(edge, viewer, sql`${id}`))
  const personal = Array.from({ length: PERSONAL_ROWS }, (_, at) => itemsOf(edge, viewer, nthPersonal(viewer, at)))
  const [begun, next, watchlist, because, recent, shelf, ...lists] = await db.batch([
    begunBy(edge, viewer),
    nextFor(edge, viewer),
    itemsOf(edge, viewer, sql`${watchlistId(viewer)}`),
    recommendedTo(edge, viewer),
    atHome(edge, viewer).orderBy(desc(titles.availableAt)).limit(ROW_TITLES),
    atHome(edge, viewer).orderBy(asc(titles.name), asc(titles.id)).limit(SHELF_TITLES),
    ...builtin,
    ...personal,
  ])
  const rowOf = (items: ListItem[]) => ({
    id: items[0]?.listId ?? '',
    name: items[0]?.listName ?? '',
    listId: items[0]?.listId ?? null,
    titles: items.map(({ listId: _id, listName: _name, ...card }) => card),
  })
  return {
    featured: recent[0] ?? null,
    continueWatching: newestOfEach(begun).map(continueCard),
    nextUp: next.flatMap(nextCard),
    rows: composeRows({
      watchlist: { ...rowOf(watchlist), id: 'watchlist', name: 'Watchlist', listId: 'watchlist' },
      because: { of: because[0]?.because, titles: because.map(({ because: _of, ...card }) => card) },
      personal: lists.slice(builtin.length).map(rowOf),
      builtin: lists.slice(0, builtin.length).map(rowOf),
      recent,
      shelf,
    }),
  }
}

type Begun = Awaited<ReturnType<typeof begunBy>>[number]
type ListItem = TitleCard & { listId: string; listName: string }

/** What was begun and not finished, nor taken out of the row; one row a file. */
const begunBy = ({ db }: Edge, viewer: Viewer) =>
  db
    .select({
      positionSeconds: progress.positionSeconds,
      durationSeconds: progress.durationSeconds,
      watchedAtMs: progress.watchedAtMs,
      ...titleCardFor(viewer),
      ...episodeColumns(viewer),
    })
    .from(progress)
    .innerJoin(titles, eq(titles.id, progress.titleId))
    .leftJoin(show, eq(show.id, titles.showId))
    .where(
      and(
        eq(progress.viewerId, viewer.id),
        eq(progress.state, 'open'),
        lt(progress.positionSeconds, sql`${FINISHED_PART} * ${progress.durationSeconds}`),
        suitableFor(viewer),
      ),
    )
    .orderBy(desc(progress.watchedAtMs))
    .limit(ROW_TITLES)

/** Of each show that is being watched the episode after the last one, once it was shown. */
const nextFor = (edge: Edge, viewer: Viewer) =>
  edge.db
    .select({ ...titleCardFor(viewer), ...episodeColumns(viewer) })
    .from(showProgress)
    .innerJoin(show, eq(show.id, showProgress.showId))
    .innerJoin(
      titles,
      eq(
        titles.id,
        sql`(select e.id from titles as e where e.show_id = ${showProgress.showId} and e.kind = 'episode'
          and (e.season_number, e.episode_number) > (${showProgress.seasonNumber}, ${showProgress.episodeNumber})
          and coalesce(e.released_on, '') <= ${new Date(edge.nowMs).toISOString().slice(0, 10)}
          order by e.season_number, e.episode_number limit 1)`,
      ),
    )
    .where(
      and(
        eq(showProgress.viewerId, viewer.id),
        gte(showProgress.watchedAtMs, watchedSince(viewer)),
        eq(showProgress.isHidden, false),
        suitableFor(viewer),
      ),
    )
    .orderBy(desc(showProgress.watchedAtMs))
    .limit(ROW_TITLES)

const watchedSince = (viewer: Viewer): SQL =>
  sql`coalesce((select watched_at_ms from show_progress where viewer_id = ${viewer.id}
    order by watched_at_ms desc limit 1 offset ${MOST_SHOWS - 1}), 0)`

/** The beginning of a list, each card with the list's name. A batch gives rows by column name, so each has one of its own. */
const itemsOf = ({ db }: Edge, viewer: Viewer, listId: SQL) =>
  db
    .select({
      ...titleCardFor(viewer),
      listId: sql<string>`${mediaLists.id}`.as('list_id'),
      listName: sql<string>`${mediaLists.name}`.as('list_name'),
    })
    .from(mediaLists)
    .innerJoin(listItems, eq(listItems.listId, mediaLists.id))
    .innerJoin(titles, eq(titles.id, listItems.titleId))
    .where(and(eq(mediaLists.id, listId), suitableFor(viewer)))
    .orderBy(asc(listItems.rank))
    .limit(ROW_TITLES)

const nthPersonal = (viewer: Viewer, at: number): SQL =>
  sql`(select id from media_lists where viewer_id = ${viewer.id} and kind in ('personal', 'trakt') and item_count > 0
    order by changed_at desc, id limit 1 offset ${at})`

/** Like the film or the show that was watched last, as the catalog's own source says. */
function recommendedTo({ db }: Edge, viewer: Viewer) {
  const watched = sql`(select title_id from watch_events where viewer_id = ${viewer.id} order by watched_at_ms desc limit 1)`
  // Its name is shown: it must be for this viewer now, whoever watched it then.
  const last = sql`(select ${titles.id} from ${titles} where ${suitableFor(viewer) ?? sql`true`}
    and ${titles.id} = (select coalesce(seen.show_id, seen.id) from titles as seen where seen.id = ${watched}))`
  const seed = alias(titles, 'seed')
  return (
    db
      // Its name by itself: joined, its row would be read for each of the cards.
      .select({
        ...titleCardFor(viewer),
        because: sql<string>`(select ${nameFor(viewer, seed)} from ${titles} as seed where seed.id = ${last})`.as(
          'because',
        ),
      })
      .from(sql`json_each((select recommendations from title_details where title_id = ${last})) as recommended`)
      .innerJoin(titles, eq(titles.id, sql`recommended.value`))
      .where(suitableFor(viewer))
      .orderBy(sql`recommended.key`)
      .limit(ROW_TITLES)
  )
}

const atHome = ({ db }: Edge, viewer: Viewer) =>
  db
    .select(titleCardFor(viewer))
    .from(titles)
    .where(and(isNotNull(titles.availableAt), isFilmOrShow, suitableFor(viewer)))
    .$dynamic()

/** Of two files of one title the one watched last. */
const newestOfEach = (begun: Begun[]): Begun[] =>
  begun.filter(({ id }, at) => begun.findIndex((one) => one.id === id) === at)

const cardOf = ({ id, kind, name, year, runtimeMinutes, poster, posterHash }: TitleCard): TitleCard => {
  return { id, kind, name, year, runtimeMinutes, poster, posterHash }
}

function continueCard(row: Begun): ContinueCard {
  const { positionSeconds, durationSeconds, watchedAtMs } = row
  return { positionSeconds, durationSeconds, watchedAtMs, title: cardOf(row), episode: episodeOf(row) }
}

const nextCard = (row: TitleCard & WithEpisode): NextEpisode[] => {
  const episode = episodeOf(row)
  return episode ? [{ title: cardOf(row), episode }] : []
}
