/** The last layer: D1, one for the whole household, and the only one whose tags every isolate hears of. */
import * as z from 'zod'
import type { CacheStore } from './cache-store.ts'

const Tags = z.array(z.string())

/** An entry with when its tags last changed, by primary keys alone. */
const read = `select value, tags, stored_at_ms as storedAtMs, fresh_until_ms as freshUntilMs, stale_until_ms as staleUntilMs,
    (select max(changed_at_ms) from cache_tags where tag in (select value from json_each(cache_entries.tags))) as changedAtMs
  from cache_entries where key = ?1 and stale_until_ms > ?2`
const write = `insert into cache_entries (key, value, tags, stored_at_ms, fresh_until_ms, stale_until_ms)
  values (?1, ?2, ?3, ?4, ?5, ?6) on conflict (key) do update set value = excluded.value, tags = excluded.tags,
    stored_at_ms = excluded.stored_at_ms, fresh_until_ms = excluded.fresh_until_ms, stale_until_ms = excluded.stale_until_ms
  where excluded.stored_at_ms >= cache_entries.stored_at_ms`
const forget = `insert into cache_tags (tag, changed_at_ms) select value, ?2 from json_each(?1) where true
  on conflict (tag) do update set changed_at_ms = max(cache_tags.changed_at_ms, excluded.changed_at_ms)`

type Row = {
  value: string
  tags: string
  storedAtMs: number
  freshUntilMs: number
  staleUntilMs: number
  changedAtMs: number | null
}

export const d1Store = (database: D1Database): CacheStore => ({
  name: 'd1',
  read: async (key, nowMs) => {
    const row = await database.prepare(read).bind(key, nowMs).first<Row>()
    if (!row) return undefined
    const { value, tags, changedAtMs, ...times } = row
    const isChanged = changedAtMs !== null && changedAtMs >= times.storedAtMs
    const entry = { ...times, value: JSON.parse(value), tags: Tags.parse(JSON.parse(tags)) }
    return isChanged ? { ...entry, freshUntilMs: Math.min(times.freshUntilMs, changedAtMs) } : entry
  },
  write: async (key, { value, tags, storedAtMs, freshUntilMs, staleUntilMs }) => {
    const values = [key, JSON.stringify(value), JSON.stringify(tags), storedAtMs, freshUntilMs, staleUntilMs]
    await database
      .prepare(write)
      .bind(...values)
      .run()
  },
  forget: async (tags, nowMs) => {
    await database.prepare(forget).bind(JSON.stringify(tags), nowMs).run()
  },
})
