/** Puts a built-in list into the order it has elsewhere: one transaction, and only the places that changed are written. */
import type { Edge } from '../../edge.ts'
import { upsertStatement, withdrawStatement } from '../upsert-rows.ts'
import { listItems } from './schema.ts'

const put = upsertStatement({
  table: listItems,
  key: ['listId', 'titleId'],
  columns: ['listId', 'titleId', 'rank', 'addedAt'],
  update: ['rank'],
})
const withdraw = withdrawStatement(listItems, 'listId', ['listId', 'titleId'])
const keep = `insert into media_lists (id, kind, name, item_count, created_at, changed_at) values (?1, 'builtin', ?2, ?3, ?4, ?4)
  on conflict (id) do update set name = excluded.name, item_count = excluded.item_count, changed_at = excluded.changed_at
  where (media_lists.name, media_lists.item_count) is not (excluded.name, excluded.item_count)`
const touch = 'update media_lists set changed_at = ?2 where id = ?1 and changed_at <> ?2'

/** Gives the rows written. `titleIds` without doubles. */
export async function replaceItems(
  edge: Edge,
  list: { id: string; name: string },
  titleIds: readonly string[],
): Promise<number> {
  const { DB } = edge.env
  const items = titleIds.map((titleId, at) => ({
    listId: list.id,
    titleId,
    rank: String(at).padStart(4, '0'),
    addedAt: edge.now,
  }))
  const results = await DB.batch([
    DB.prepare(keep).bind(list.id, list.name, items.length, edge.now),
    DB.prepare(withdraw).bind(JSON.stringify([list.id]), JSON.stringify(items)),
    DB.prepare(put).bind(JSON.stringify(items)),
  ])
  const rows = results.reduce((sum, { meta }) => sum + meta.rows_written, 0)
  if (rows > 0) await DB.prepare(touch).bind(list.id, edge.now).run()
  return rows
}
