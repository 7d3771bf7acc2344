/** Changing one's own lists: make, rename, share, remove; put a title at its place, take it out. */
import { and, asc, eq, gt, inArray, ne, type SQL, sql } from 'drizzle-orm'
import { generateKeyBetween } from 'fractional-indexing'
import type * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Viewer } from '../../auth/viewer.ts'
import { listItems, mediaLists } from '../../catalog/lists/schema.ts'
import type { Edge } from '../../edge.ts'
import { randomId } from '../../random-id.ts'
import { runAll } from '../../run-all.ts'
import { requireTitle } from '../progress.ts'
import type { OutboxKind } from '../trakt/due-calls.ts'
import { queueCalls } from '../trakt/outbox.ts'
import { sendSoon } from '../trakt/send-outbox.ts'
import type { ChangeList, MakeList } from './answers.ts'
import { watchlistId } from './watchlist.ts'

const LISTS_EACH = 50
const TITLES_EACH = 2000

const noSuchList = () => new AppError('not_found', 'There is no such list of yours. It may have been removed.')

/** What a viewer may change: not what Trakt or the household's catalog keeps in order. */
const isChangeable = (viewer: Viewer, id: string) =>
  and(eq(mediaLists.id, id), eq(mediaLists.viewerId, viewer.id), inArray(mediaLists.kind, ['watchlist', 'personal']))

/** One statement counts and stores. Throws `conflict` when there are fifty. */
export async function makeList(edge: Edge, viewer: Viewer, wanted: z.infer<typeof MakeList>): Promise<string> {
  const id = randomId()
  const { name, description, isShared } = wanted
  const { changes } = await runAll(edge, [
    sql`insert into media_lists (id, kind, person_id, viewer_id, name, description, is_shared, created_at, changed_at)
        select ${id}, 'personal', ${viewer.personId}, ${viewer.id}, ${name}, ${description}, ${Number(isShared)}, ${edge.now}, ${edge.now}
        where (select count(*) from media_lists where viewer_id = ${viewer.id} and kind = 'personal') < ${LISTS_EACH}`,
  ])
  if (changes[0] !== 1) throw new AppError('conflict', `Fifty lists are as many as there may be. Remove one first.`)
  return id
}

/** Throws `not_found`. */
export async function changeList(
  edge: Edge,
  viewer: Viewer,
  id: string,
  change: z.infer<typeof ChangeList>,
): Promise<void> {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const changed = await edge.db
    .update(mediaLists)
    .set({ ...set, changedAt: edge.now })
    .where(and(isChangeable(viewer, id), eq(mediaLists.kind, 'personal')))
  if (changed.meta.changes !== 1) throw noSuchList()
}

/** Throws `not_found`; a watchlist stays. */
export async function removeList(edge: Edge, viewer: Viewer, id: string): Promise<void> {
  const removed = await edge.db
    .delete(mediaLists)
    .where(and(isChangeable(viewer, id), eq(mediaLists.kind, 'personal')))
    .returning({ id: mediaLists.id })
  if (removed.length === 0) throw noSuchList()
}

/**
 * A title comes into a list, or to another place in it: behind `after`, or first. Twice is once.
 * Throws `not_found`, `conflict` when the list is full.
 */
export async function placeTitle(
  edge: Edge,
  viewer: Viewer,
  list: { id: string; titleId: string; after: string | null },
): Promise<void> {
  const { titleId } = list
  const id = await changeableList(edge, viewer, list.id)
  await requireTitle(edge, viewer, titleId)
  const rank = await rankBehind(edge, id, list.after === titleId ? null : list.after, titleId)
  const hasRoom = sql`(select item_count from media_lists where id = ${id}) < ${TITLES_EACH}`
  const isThere = sql`exists (select 1 from list_items where list_id = ${id} and title_id = ${titleId})`
  const { changes } = await runAll(edge, [
    tellTrakt(edge, viewer, id, { kind: 'sync/watchlist', titleId, onlyWhen: sql`${hasRoom} and not ${isThere}` }),
    sql`insert into list_items (list_id, title_id, rank, added_at)
        select ${id}, ${titleId}, ${rank}, ${edge.now}
        where ${hasRoom} or ${isThere}
        on conflict do nothing`,
    // Of two that add it at once, one counts it.
    sql`update media_lists set item_count = item_count + changes(), changed_at = ${edge.now} where id = ${id}`,
    sql`update list_items set rank = ${rank} where list_id = ${id} and title_id = ${titleId} and rank <> ${rank}`,
  ])
  if (changes[0] === 1) sendSoon(edge, viewer.personId)
  if (changes[1] === 0 && !(await isIn(edge, id, titleId))) {
    throw new AppError('conflict', 'This list is full. Take something out first.')
  }
}

/** Twice is once. Throws `not_found` for a list that is not theirs. */
export async function takeTitleOut(edge: Edge, viewer: Viewer, list: string, titleId: string): Promise<void> {
  const id = await changeableList(edge, viewer, list)
  const isThere = sql`exists (select 1 from list_items where list_id = ${id} and title_id = ${titleId})`
  const { changes } = await runAll(edge, [
    tellTrakt(edge, viewer, id, { kind: 'sync/watchlist/remove', titleId, onlyWhen: isThere }),
    sql`delete from list_items where list_id = ${id} and title_id = ${titleId}`,
    sql`update media_lists set item_count = item_count - 1, changed_at = ${edge.now} where id = ${id} and changes() = 1`,
  ])
  if (changes[0] === 1) sendSoon(edge, viewer.personId)
}

/** Queues it for whoever keeps their watchlist at Trakt too; of other lists Trakt is told nothing. */
const tellTrakt = (
  { nowMs }: Edge,
  watcher: Viewer,
  listId: string,
  { kind, titleId, onlyWhen }: { kind: OutboxKind; titleId: string; onlyWhen: SQL },
): SQL =>
  queueCalls({ watcher, nowMs }, kind, listId === watchlistId(watcher) ? [{ titleId, atMs: nowMs }] : [], onlyWhen)

/** Its id; a watchlist is made when it is first needed. */
async function changeableList(edge: Edge, viewer: Viewer, id: string): Promise<string> {
  const own = watchlistId(viewer)
  if (id === 'watchlist' || id === own) {
    await edge.db
      .insert(mediaLists)
      .values({
        ...{ id: own, kind: 'watchlist', name: 'Watchlist', personId: viewer.personId, viewerId: viewer.id },
        ...{ createdAt: edge.now, changedAt: edge.now },
      })
      .onConflictDoNothing()
    return own
  }
  const [found] = await edge.db.select({ id: mediaLists.id }).from(mediaLists).where(isChangeable(viewer, id))
  if (!found) throw noSuchList()
  return found.id
}

/** Between `after` and what follows it; the title that moves is nobody's neighbour. An `after` that left means first. */
async function rankBehind({ db }: Edge, listId: string, after: string | null, titleId: string): Promise<string> {
  const others = and(eq(listItems.listId, listId), ne(listItems.titleId, titleId))
  const ranks = db.select({ rank: listItems.rank }).from(listItems)
  const [before] = after === null ? [] : await ranks.where(and(others, eq(listItems.titleId, after)))
  const next = db
    .select({ rank: listItems.rank })
    .from(listItems)
    .where(and(others, before && gt(listItems.rank, before.rank)))
  const [behind] = await next.orderBy(asc(listItems.rank)).limit(1)
  return generateKeyBetween(before?.rank ?? null, behind?.rank ?? null)
}

async function isIn({ db }: Edge, listId: string, titleId: string): Promise<boolean> {
  const rows = await db
    .select({ listId: listItems.listId })
    .from(listItems)
    .where(and(eq(listItems.listId, listId), eq(listItems.titleId, titleId)))
  return rows.length > 0
}
