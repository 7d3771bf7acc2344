/** What a sync of 1,000 changed films writes: the whole edge, tick by tick, with TMDB's stand-in behind it. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { startTestHome, type TestHome } from '../../e2e/home-for-tests.ts'
import { startTmdb, TMDB_TOKEN } from '../../e2e/upstreams/tmdb.ts'
import { firstMovie } from '../../e2e/upstreams/tmdb-world.ts'
import { report } from '../report.ts'

const FILMS = 1000
const DAY_MS = 24 * 3_600_000
/** As often as the cron comes: what asks much takes turns with what else does (worker/tasks). */
const TICK_MS = 5 * 60_000
const TICKS_A_DAY = DAY_MS / TICK_MS
/** More than it takes: then something is wrong. */
const MOST_TICKS = 3 * TICKS_A_DAY

/**
 * The films are looked at whole first, which is not counted; then the words of each change. The figure is the edge's own
 * count of the day, by which it stops; a tick's one or two rows for where it stands come on top.
 */
export async function measureSync(): Promise<void> {
  const tmdb = await startTmdb()
  const edgeSettings = { TMDB_TOKEN, TMDB_URL: `${tmdb.origin}/3`, TMDB_PICTURES_URL: `${tmdb.origin}/t/p/` }
  const home = await startTestHome({ demo: false, edgeScript: 'bench/api/edge-with-bare-hono.ts', edgeSettings })
  const ids = Array.from({ length: FILMS }, (_, at) => firstMovie + at)
  const tell = (world: object) => post(`${tmdb.origin}/stand-in/world`, world)
  try {
    await tell({ movies: FILMS, shows: 0, changed: ids })
    await post(`${home.origin}/api/bare/rows`, {
      table: 'titles',
      rows: ids.map((id) => ({
        ...{ id: `tmdb-movie-${id}`, kind: 'movie', name: `Film ${id}`, overview: '', licence: '', credit: '' },
        details_at: 1,
      })),
    })
    await post(`${home.origin}/api/bare/rows`, {
      table: 'external_ids',
      rows: ids.map((id) => ({ scheme: 'tmdb:movie', value: String(id), title_id: `tmdb-movie-${id}` })),
    })
    const known = await syncAll(home, Math.floor(Date.now() / DAY_MS) * DAY_MS)
    await tell({ overview: 'Other words than yesterday’s.' })
    const changed = await syncAll(home, known.dayMs + DAY_MS)
    report({
      ...{ bench: 'catalog', case: 'sync-1000', subject: 'porchlight' },
      ...{ metric: 'd1_rows_written', value: changed.rowsWritten, n: FILMS },
    })
  } finally {
    await home.stop()
    await tmdb.close()
  }
}

/** Ticks until the films' sync is through; from the next day on where a day's rows were used up. */
async function syncAll(home: TestHome, firstDayMs: number): Promise<{ dayMs: number; rowsWritten: number }> {
  let [dayMs, rowsWritten] = [firstDayMs, 0]
  for (let tick = 0; tick < MOST_TICKS; tick++) {
    const url = `${home.origin}/cdn-cgi/local/scheduled?time=${dayMs + ((tick % TICKS_A_DAY) + 1) * TICK_MS}`
    const answer = await fetch(url)
    if (!answer.ok) throw new Error(`${answer.status} for a tick`)
    const { sync, writtenToday } = readState(home)
    // Until then whatever else was due may have had its turn first.
    const hasEnded = sync !== undefined && sync.cursor === null && (sync.syncedAt ?? 0) * 1000 >= dayMs
    if (hasEnded) return { dayMs, rowsWritten: rowsWritten + writtenToday }
    if (!sync?.lastError?.includes('rows are used up')) continue
    rowsWritten += writtenToday
    dayMs += DAY_MS
  }
  throw new Error('the sync does not come to its end')
}

/** Of a sync that has begun; epoch seconds. */
const Sync = z
  .object({ cursor: z.string().nullable(), lastError: z.string().nullable(), syncedAt: z.number().nullable() })
  .optional()
const Writes = z.object({ rowsWritten: z.number() }).default({ rowsWritten: 0 })

/** Of the edge's own database: what it keeps of its syncs. */
function readState(home: TestHome) {
  const files = readdirSync(home.directory.edge, { recursive: true, encoding: 'utf8' })
  const file = files.find((name) => /D1DatabaseObject[/\\][0-9a-f]+\.sqlite$/.test(name))
  if (file === undefined) throw new Error('there is no database')
  const database = new DatabaseSync(join(home.directory.edge, file), { readOnly: true })
  try {
    const sync = database.prepare(
      `select cursor, last_error as lastError, synced_at as syncedAt from sync_states where name = 'tmdb:changes:movie'`,
    )
    const writes = database.prepare(`select rows_written as rowsWritten from sync_states where name = 'tmdb:writes'`)
    return { sync: Sync.parse(sync.get()), writtenToday: Writes.parse(writes.get()).rowsWritten }
  } finally {
    database.close()
  }
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${answer.status} from ${new URL(url).pathname}`)
}
