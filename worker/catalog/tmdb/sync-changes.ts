/**
 * A task: what TMDB says has changed, of the titles that were looked at before. A run asks a few dozen questions (a
 * Worker may send fifty), remembers what is left, and goes on at the next tick; done twice it changes nothing.
 */
import * as z from 'zod'
import type { Edge } from '../../edge.ts'
import { askTmdb, TmdbError } from './ask-tmdb.ts'
import { fetchTitle } from './fetch-title.ts'
import { foldTwin, isFolded, type OnMerged } from './fold-twins.ts'
import { readHousehold } from './household.ts'
import type { TitleContents } from './read-details.ts'
import { TmdbChanges } from './shapes.ts'
import { storeContents } from './store-titles.ts'
import { countRows, readSyncState, rowsLeft, saveSyncState } from './sync-state.ts'
import { type TmdbKind, tmdbWord } from './title-ids.ts'
import { isTmdbOn } from './tmdb-settings.ts'

const MOST_QUESTIONS = 40
const AT_ONCE = 5
const MOST_DAYS_BACK = 14
const REST_SECONDS = 3600
/** What one title may write at most; what the day's rows cannot pay for waits for tomorrow. */
const ROWS_EACH = 120

const dayMs = 24 * 3600 * 1000
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** `pending`: of the pages read so far, what is not looked at yet. `page` is the next one of `day`. */
const Cursor = z.object({
  day: z.iso.date(),
  page: z.int().positive(),
  pending: z.array(z.object({ titleId: z.string(), tmdbId: z.int().positive() })),
})
type Cursor = z.infer<typeof Cursor>

type Done = { titles: number; rowsWritten: number; isDone: boolean }

export async function syncChanges(edge: Edge, kind: TmdbKind, onMerged: OnMerged): Promise<Done> {
  const done: Done = { titles: 0, rowsWritten: 0, isDone: false }
  const name = `tmdb:changes:${kind}`
  if (!isTmdbOn(edge.env)) return done
  const state = await readSyncState(edge, name)
  let cursor = readCursor(edge, state?.cursor ?? null, state?.syncedAt ?? null)
  if (state?.cursor == null && state?.syncedAt != null && edge.now - state.syncedAt < REST_SECONDS) return done
  try {
    for (let questions = 0; questions < MOST_QUESTIONS; ) {
      if (cursor.pending.length === 0) {
        if (cursor.day > dayOf(edge.nowMs)) break
        cursor = await nextPage(edge, kind, cursor)
        questions++
      } else {
        const affordable = Math.floor((await rowsLeft(edge)) / ROWS_EACH)
        if (affordable === 0) throw new RangeError('the day’s rows are used up')
        const some = cursor.pending.slice(0, Math.min(MOST_QUESTIONS - questions, affordable))
        const { looked, rowsWritten } = await lookAt(edge, kind, some, onMerged)
        done.titles += looked.length
        done.rowsWritten += rowsWritten
        questions += some.length
        const seen = new Set(looked)
        cursor = { ...cursor, pending: cursor.pending.filter(({ titleId }) => !seen.has(titleId)) }
        await saveSyncState(edge, name, { cursor: JSON.stringify(cursor) })
        if (looked.length < some.length) throw new TmdbError('away')
      }
    }
    done.isDone = cursor.pending.length === 0 && cursor.day > dayOf(edge.nowMs)
    await saveSyncState(edge, name, { cursor: done.isDone ? null : JSON.stringify(cursor), isDone: done.isDone })
  } catch (error) {
    if (!(error instanceof TmdbError || error instanceof RangeError)) throw error
    await saveSyncState(edge, name, { cursor: JSON.stringify(cursor), error: error.message })
  }
  return done
}

/** Where the last run stopped; else from the day of the last whole one, at most two weeks ago (all that TMDB keeps). */
function readCursor({ nowMs }: Edge, text: string | null, syncedAt: number | null): Cursor {
  const earliest = dayOf(nowMs - (MOST_DAYS_BACK - 1) * dayMs)
  const since = dayOf(syncedAt === null ? nowMs - dayMs : syncedAt * 1000)
  const stored = text === null ? undefined : Cursor.safeParse(JSON.parse(text)).data
  const cursor = stored ?? { day: since, page: 1, pending: [] }
  return cursor.day < earliest ? { ...cursor, day: earliest, page: 1 } : cursor
}

/** Looked at since the day that tells of the change, or a moment ago, is looked at enough. */
const known = `select external_ids.value as tmdbId, external_ids.title_id as titleId from external_ids
  join titles on titles.id = external_ids.title_id and titles.details_at < ?3
  where external_ids.scheme = ?1 and external_ids.value in (select value from json_each(?2))`

async function nextPage(edge: Edge, kind: TmdbKind, { day, page }: Cursor): Promise<Cursor> {
  const query = { start_date: day, end_date: day, page: String(page) }
  const path = `/${tmdbWord(kind)}/changes`
  const answer = await askTmdb(edge, { path, query, schema: TmdbChanges, priority: 'task' })
  const ids = JSON.stringify(answer.results.map(({ id }) => String(id)))
  const { results } = await edge.env.DB.prepare(known)
    .bind(`tmdb:${kind}`, ids, Math.min(edge.now - REST_SECONDS, (Date.parse(day) + dayMs) / 1000))
    .all<{ tmdbId: string; titleId: string }>()
  const pending = results.map(({ tmdbId, titleId }) => ({ tmdbId: Number(tmdbId), titleId }))
  const isLast = page >= answer.total_pages
  return isLast ? { day: dayOf(Date.parse(day) + dayMs), page: 1, pending } : { day, page: page + 1, pending }
}

type Pending = Cursor['pending'][number]

/** Looks at these, a few at once; what is gone or merged counts as looked at, what TMDB did not answer does not. */
async function lookAt(edge: Edge, kind: TmdbKind, some: readonly Pending[], onMerged: OnMerged) {
  const household = await readHousehold(edge)
  const looked: string[] = []
  const contents: TitleContents[] = []
  const queue = [...some]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { titleId, tmdbId } = next
      try {
        const found = await fetchTitle(edge, { kind, tmdbId }, titleId, { household, priority: 'task' })
        if (!(await isFolded(edge, { kind, tmdbId, titleId }, found.tmdbId, onMerged))) contents.push(found.contents)
        looked.push(titleId)
      } catch (error) {
        if (!(error instanceof TmdbError)) throw error
        if (error.trouble !== 'gone') return
        looked.push(titleId)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  for (const one of contents) await foldTwin(edge, kind, one, onMerged)
  const { rowsWritten } = await storeContents(edge, contents)
  await countRows(edge, rowsWritten)
  return { looked, rowsWritten }
}
