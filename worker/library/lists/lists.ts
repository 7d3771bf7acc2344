/** Lists as a viewer sees them: their own, what the household shares, and those that are kept for everybody. */
import { and, asc, desc, eq, gt, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Viewer } from '../../auth/viewer.ts'
import type { TitleCard } from '../../catalog/answers.ts'
import { listItems, mediaLists } from '../../catalog/lists/schema.ts'
import { titles } from '../../catalog/schema.ts'
import { suitableFor } from '../../catalog/suitable.ts'
import { titleCardFor } from '../../catalog/titles.ts'
import type { Edge } from '../../edge.ts'
import type { ListCard, ListPage } from './answers.ts'
import { watchlistId } from './watchlist.ts'

const PAGE_TITLES = 60
/** One viewer's lists and all that is shared: more than anybody scrolls through. */
const MOST_LISTS = 100

const isOwn = (viewer: Viewer) => eq(mediaLists.viewerId, viewer.id)
/** A built-in list is everybody's without being shared by anybody; said so, each way has its index. */
const isVisible = (viewer: Viewer): SQL =>
  or(
    isOwn(viewer),
    eq(mediaLists.isShared, true),
    and(eq(mediaLists.isShared, false), eq(mediaLists.kind, 'builtin')),
  ) ?? sql`false`

const cardFor = (viewer: Viewer, titleId: string | undefined) => ({
  id: mediaLists.id,
  kind: mediaLists.kind,
  name: mediaLists.name,
  description: mediaLists.description,
  isShared: mediaLists.isShared,
  isOwn: sql<boolean>`${mediaLists.viewerId} is ${viewer.id}`.mapWith(Boolean).as('is_own'),
  titleCount: mediaLists.itemCount,
  has:
    titleId === undefined
      ? sql<null>`null`.as('has')
      : sql<boolean>`exists (select 1 from ${listItems} where ${listItems.listId} = ${mediaLists.id} and ${listItems.titleId} = ${titleId})`
          .mapWith(Boolean)
          .as('has'),
})

/** Own ones first, the last changed first. `titleId`: say of each whether it holds this title. */
export const listLists = ({ db }: Edge, viewer: Viewer, titleId?: string): Promise<ListCard[]> =>
  db
    .select(cardFor(viewer, titleId))
    .from(mediaLists)
    .where(isVisible(viewer))
    .orderBy(desc(sql`is_own`), desc(mediaLists.changedAt), asc(mediaLists.id))
    .limit(MOST_LISTS)

/** One page of a list. Throws `not_found` for one that is not there for this viewer; an own watchlist always is. */
export async function readList({ db }: Edge, viewer: Viewer, id: string, cursor?: string): Promise<ListPage> {
  const listId = id === 'watchlist' ? watchlistId(viewer) : id
  const [[list], rows] = await db.batch([
    db
      .select(cardFor(viewer, undefined))
      .from(mediaLists)
      .where(and(eq(mediaLists.id, listId), isVisible(viewer))),
    db
      .select({ ...titleCardFor(viewer), rank: listItems.rank })
      .from(listItems)
      .innerJoin(titles, eq(titles.id, listItems.titleId))
      .where(and(eq(listItems.listId, listId), suitableFor(viewer), after(cursor)))
      .orderBy(asc(listItems.rank), asc(listItems.titleId))
      .limit(PAGE_TITLES + 1),
  ])
  if (!list) {
    if (id === 'watchlist') return { list: emptyWatchlist(listId), titles: [], next: null }
    throw new AppError('not_found', 'There is no such list. It may have been removed.')
  }
  const page = rows.slice(0, PAGE_TITLES)
  const last = rows.length > PAGE_TITLES ? page.at(-1) : undefined
  const cards: TitleCard[] = page.map(({ rank: _rank, ...card }) => card)
  return { list, titles: cards, next: last ? `${last.rank}.${last.id}` : null }
}

/** A cursor is the place of the last title that was given; one that makes no sense begins at the front. */
function after(cursor: string | undefined): SQL | undefined {
  const [, rank, titleId] = /^([A-Za-z0-9]{1,100})\.([A-Za-z0-9_-]{1,80})$/.exec(cursor ?? '') ?? []
  if (rank === undefined || titleId === undefined) return undefined
  return or(gt(listItems.rank, rank), and(eq(listItems.rank, rank), gt(listItems.titleId, titleId)))
}

const emptyWatchlist = (id: string): ListCard => ({
  ...{ id, kind: 'watchlist', name: 'Watchlist', description: '', isShared: false, isOwn: true, titleCount: 0 },
  has: null,
})
