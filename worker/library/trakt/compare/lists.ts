/** Lists: the watchlist is kept on both sides, the collection and lists of one's own are Trakt's and shown here. */
import { type SQL, sql } from 'drizzle-orm'
import { generateNKeysBetween } from 'fractional-indexing'
import { watchlistId } from '../../lists/watchlist.ts'
import type { Listing } from '../client.ts'
import type { Matched } from '../match-titles.ts'
import { queueCalls } from '../outbox.ts'
import type { ListItem } from '../shapes.ts'
import { type Comparing, countUnknown, type Found, idOr, isKnown, NO_COUNTS } from './counts.ts'
import { settleAll } from './settle-all.ts'

export type ListRow = {
  id: string
  kind: 'watchlist' | 'trakt'
  name: string
  description: string
  origin: string | null
}

/** As library/lists makes it. */
const watchlistRow = (watcher: Comparing['watcher']): ListRow => {
  return { id: watchlistId(watcher), kind: 'watchlist', name: 'Watchlist', description: '', origin: null }
}

/** Of this viewer's Trakt: `collection`, or `list:` and Trakt's number. */
export const mirrorOf = (
  { watcher }: Pick<Comparing, 'watcher'>,
  origin: string,
  name: string,
  description = '',
): ListRow => {
  return {
    id: `trakt-${watcher.id}-${origin.replace(':', '-')}`,
    kind: 'trakt',
    name,
    description,
    origin: `trakt:${origin}`,
  }
}

type Item = { titleId: string; atMs: number }
type Ours = Item & { rank: string }
type Matches = readonly Matched<ListItem>[]
type Whole = Pick<Listing<unknown>, 'isWhole'>

export async function compareWatchlist(on: Comparing, matched: Matches, { isWhole }: Whole): Promise<Found> {
  const list = watchlistRow(on.watcher)
  const { ours, theirs } = await bothSides(on, list, matched)
  const { lastSyncMs } = on
  const { counts, take, send, drop } = settleAll(ours, theirs, { lastSyncMs, isWhole, isSame: () => true })
  return {
    counts: { ...NO_COUNTS, ...counts, unknown: countUnknown(matched) },
    statements: [...write(on, list, behind(ours, take), drop), queueCalls(on, 'sync/watchlist', send)],
  }
}

/** Here as it is there; nothing of it is ours to send. */
export async function mirrorList(on: Comparing, list: ListRow, matched: Matches, { isWhole }: Whole): Promise<Found> {
  const { ours, theirs } = await bothSides(on, list, matched)
  const [here, there] = [ours, theirs].map((items) => new Set(items.map(({ titleId }) => titleId)))
  const take = theirs.filter(({ titleId }) => !here?.has(titleId))
  const drop = isWhole ? ours.flatMap(({ titleId }) => (there?.has(titleId) ? [] : [titleId])) : []
  const counts = { added: take.length, removed: drop.length, same: theirs.length - take.length }
  return {
    counts: { ...NO_COUNTS, ...counts, unknown: countUnknown(matched) },
    statements: write(on, list, behind(ours, take), drop),
  }
}

async function bothSides(
  { db }: Comparing,
  list: ListRow,
  matched: Matches,
): Promise<{ ours: Ours[]; theirs: Item[] }> {
  const ours = await db.all<Ours>(
    sql`select title_id as "titleId", added_at * 1000 as "atMs", rank from list_items where list_id = ${list.id}`,
  )
  const theirs = matched.map((one, at) => ({ titleId: idOr(one, at), atMs: one.item.atMs }))
  return { ours, theirs: [...new Map(theirs.map((one) => [one.titleId, one])).values()] }
}

/** What is new stands behind what was there, in Trakt's own order. */
function behind(ours: readonly Ours[], take: readonly Item[]): Ours[] {
  const last =
    ours
      .map(({ rank }) => rank)
      .sort()
      .at(-1) ?? null
  const ranks = generateNKeysBetween(last, null, take.length)
  return take.map((one, at) => ({ ...one, rank: ranks[at] ?? '' }))
}

function write({ watcher, nowMs }: Comparing, list: ListRow, take: Ours[], drop: string[]): SQL[] {
  const now = Math.floor(nowMs / 1000)
  const known = take.filter(({ titleId }) => isKnown(titleId))
  const make = sql`insert into media_lists (id, kind, person_id, viewer_id, name, description, origin, created_at, changed_at)
        values (${list.id}, ${list.kind}, ${watcher.personId}, ${watcher.id}, ${list.name}, ${list.description}, ${list.origin}, ${now}, ${now})
        on conflict (id) do update set name = excluded.name, description = excluded.description
        where kind = 'trakt' and (name, description) is not (excluded.name, excluded.description)`
  if (known.length === 0 && drop.length === 0) return [make]
  const items = JSON.stringify(known)
  return [
    make,
    sql`insert into list_items (list_id, title_id, rank, added_at)
          select ${list.id}, i.value ->> 'titleId', i.value ->> 'rank', (i.value ->> 'atMs') / 1000
          from json_each(${items}) as i where true on conflict do nothing`,
    sql`delete from list_items where list_id = ${list.id} and title_id in (select value from json_each(${JSON.stringify(drop)}))`,
    sql`update media_lists set changed_at = ${now}, item_count = (select count(*) from list_items where list_id = ${list.id}) where id = ${list.id}`,
  ]
}
