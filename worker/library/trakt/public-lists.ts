/** Lists that are popular at Trakt, for everybody in the household: they need no account, only the operator's key. */
import { sql } from 'drizzle-orm'
import { generateNKeysBetween } from 'fractional-indexing'
import type { Edge } from '../../edge.ts'
import { runAll } from '../../run-all.ts'
import { askTrakt, type TraktSite, traktSite } from './ask-trakt.ts'
import { makeCards } from './make-cards.ts'
import { matchTitles } from './match-titles.ts'
import { ListItem, PublicList, readItems, type TraktList } from './shapes.ts'

const LISTS_EACH = 5
const ITEMS = 100

/** Gives how many lists were written: those that changed. What Trakt does not answer stays as it is. */
export async function refreshPublicLists(edge: Edge): Promise<number> {
  const site = traktSite(edge.env)
  if (!site) return 0
  const lists = new Map<number, TraktList>()
  for (const which of ['trending', 'popular']) {
    const outcome = await askTrakt(site, { path: `/lists/${which}?page=1&limit=${LISTS_EACH}` }, edge.nowMs)
    const read = outcome.kind === 'ok' ? readItems(outcome.body, PublicList) : undefined
    if (!read) return 0
    for (const list of read.items.slice(0, LISTS_EACH)) lists.set(list.id, list)
  }
  const known = await edge.db.all<{ id: string; changedAt: number }>(
    sql`select id, changed_at as "changedAt" from media_lists where kind = 'trakt' and is_shared = 1`,
  )
  const changedAt = new Map(known.map((row) => [row.id, row.changedAt]))
  let count = 0
  for (const list of lists.values()) {
    if (changedAt.get(idOf(list)) === Math.floor(list.changedAtMs / 1000)) continue
    if (await writeList(edge, site, list)) count++
  }
  const kept = JSON.stringify([...lists.values()].map(idOf))
  await edge.db.run(
    sql`delete from media_lists where kind = 'trakt' and is_shared = 1 and person_id is null
        and id not in (select value from json_each(${kept}))`,
  )
  return count
}

const idOf = ({ id }: TraktList) => `trakt-list-${id}`

async function writeList(edge: Edge, site: TraktSite, list: TraktList): Promise<boolean> {
  const { db, now, nowMs } = edge
  const outcome = await askTrakt(site, { path: `/lists/${list.id}/items?page=1&limit=${ITEMS}` }, nowMs)
  const read = outcome.kind === 'ok' ? readItems(outcome.body, ListItem) : undefined
  if (!read) return false
  const items = read.items.filter(({ media }) => media.kind !== 'episode').slice(0, ITEMS)
  const first = await matchTitles(db, items)
  await makeCards(
    edge,
    first.filter(({ titleId }) => titleId === undefined),
  )
  const matched = await matchTitles(db, items)
  const titleIds = [...new Set(matched.flatMap(({ titleId }) => titleId ?? []))]
  const ranks = generateNKeysBetween(null, null, titleIds.length)
  const rows = JSON.stringify(titleIds.map((titleId, at) => ({ titleId, rank: ranks[at] })))
  const id = idOf(list)
  await runAll(edge, [
    sql`insert into media_lists (id, kind, name, description, is_shared, origin, item_count, created_at, changed_at)
          values (${id}, 'trakt', ${list.name}, ${list.description}, 1, ${`trakt:list:${list.id}`}, ${titleIds.length}, ${now}, ${Math.floor(list.changedAtMs / 1000)})
          on conflict (id) do update set name = excluded.name, description = excluded.description,
            item_count = excluded.item_count, changed_at = excluded.changed_at`,
    sql`delete from list_items where list_id = ${id} and title_id not in (select value ->> 'titleId' from json_each(${rows}))`,
    sql`insert into list_items (list_id, title_id, rank, added_at)
          select ${id}, value ->> 'titleId', value ->> 'rank', ${now} from json_each(${rows}) where true
          on conflict do update set rank = excluded.rank where list_items.rank <> excluded.rank`,
  ])
  return true
}
