/** A task: TMDB's own lists as they are now. One that fails keeps what it was. */
import type { Edge } from '../../edge.ts'
import { genres } from '../details/schema.ts'
import { type BuiltinList, builtinLists } from '../lists/builtin-lists.ts'
import { replaceItems } from '../lists/replace-items.ts'
import { upsertStatement } from '../upsert-rows.ts'
import { askTmdb, TmdbError } from './ask-tmdb.ts'
import { checkConfiguration } from './check-configuration.ts'
import { readHousehold } from './household.ts'
import { readCard } from './read-details.ts'
import { TmdbGenres, TmdbPage } from './shapes.ts'
import { storeCards } from './store-titles.ts'
import { countRows, readSyncState, rowsLeft, saveSyncState } from './sync-state.ts'
import { isTmdbOn, regionOf } from './tmdb-settings.ts'

const PAGES = 3
const NAME = 'tmdb:lists'
/** TMDB makes most of them anew once a day. */
const REST_SECONDS = 6 * 3600

/** Ends early, and says so in its state, when TMDB is away or the day's rows are used up. */
export async function refreshLists(edge: Edge): Promise<{ lists: number; rowsWritten: number }> {
  const done = { lists: 0, rowsWritten: 0 }
  if (!isTmdbOn(edge.env)) return done
  // A run that was cut short goes on with the list it did not reach.
  const state = await readSyncState(edge, NAME)
  if (state?.cursor == null && edge.now - (state?.syncedAt ?? 0) < REST_SECONDS) return done
  const from = Number(state?.cursor ?? 0) % builtinLists.length
  try {
    if (from === 0) {
      await checkConfiguration(edge)
      done.rowsWritten += await refreshGenres(edge)
    }
    for (const [at, list] of builtinLists.entries()) {
      if (at < from) continue
      await saveSyncState(edge, NAME, { cursor: String(at) })
      if ((await rowsLeft(edge)) === 0) throw new RangeError('the day’s rows are used up')
      done.rowsWritten += await refreshList(edge, list)
      done.lists++
    }
    await saveSyncState(edge, NAME, { cursor: null, isDone: true })
  } catch (error) {
    if (!(error instanceof TmdbError || error instanceof RangeError)) throw error
    const { cursor } = (await readSyncState(edge, NAME)) ?? { cursor: null }
    await saveSyncState(edge, NAME, { cursor, error: error.message })
  }
  return done
}

async function refreshList(edge: Edge, list: BuiltinList): Promise<number> {
  const cards = []
  for (let page = 1; page <= PAGES; page++) {
    const query = { ...list.query, page: String(page), ...(list.isRegional && { region: regionOf(edge.env) }) }
    const answer = await askTmdb(edge, { path: list.path, query, schema: TmdbPage, priority: 'task' })
    cards.push(...answer.results.flatMap((card) => readCard(list.kind, card) ?? []))
    if (page >= answer.total_pages || answer.results.length === 0) break
  }
  // An empty page is their mistake: nobody's list is emptied by it.
  if (cards.length === 0) return 0
  const unique = [...new Map(cards.map((card) => [card.tmdbId, card])).values()]
  const { titleIds, rowsWritten } = await storeCards(edge, unique)
  const rows = rowsWritten + (await replaceItems(edge, list, [...new Set(titleIds)]))
  await countRows(edge, rows)
  return rows
}

const putGenres = upsertStatement({ table: genres, key: ['id'], columns: ['id', 'name', 'names'] })

/** In English, and in what else the household reads. */
async function refreshGenres(edge: Edge): Promise<number> {
  const { languages } = await readHousehold(edge)
  const named = new Map<number, Record<string, string>>()
  for (const language of new Set(languages.map((one) => one.split('-')[0] ?? one))) {
    for (const { id, name } of await genresIn(edge, language)) named.set(id, { ...named.get(id), [language]: name })
  }
  const rows = [...named].flatMap(([id, { en: name, ...others }]) =>
    name === undefined ? [] : [{ id, name, names: Object.keys(others).length === 0 ? null : JSON.stringify(others) }],
  )
  const { meta } = await edge.env.DB.prepare(putGenres).bind(JSON.stringify(rows)).run()
  await countRows(edge, meta.rows_written)
  return meta.rows_written
}

async function genresIn(edge: Edge, language: string) {
  const ask = (kind: string) =>
    askTmdb(edge, { path: `/genre/${kind}/list`, query: { language }, schema: TmdbGenres, priority: 'task' })
  const found = await Promise.all(['movie', 'tv'].map(ask))
  return found.flatMap((answer) => answer.genres)
}
