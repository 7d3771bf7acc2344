/**
 * Makes the small pictures that a page shows until a poster is there: of what stands on a list by a task, a few a run; of
 * what somebody opened, behind their back. Of TMDB's smallest size, which is five kilobytes.
 */
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { readBounded } from '../../read-bounded.ts'
import { builtinLists } from '../lists/builtin-lists.ts'
import { TMDB_PICTURES } from '../picture-url.ts'
import { countRows, rowsLeft } from '../tmdb/sync-state.ts'
import { isTmdbOn } from '../tmdb/tmdb-settings.ts'
import { PictureError } from './huffman.ts'
import { jpegAverages } from './jpeg-averages.ts'
import { thumbHash } from './thumb-hash.ts'

/** Each is a request and a millisecond of work: a run of the free plan has fifty of the ones and ten of the others. */
const MOST_A_RUN = 6
const ANSWER_MS = 4000
const MOST_BYTES = 64 * 1024
const LISTS = JSON.stringify(builtinLists.map(({ id }) => id))

const waiting = `select distinct titles.id, titles.poster from json_each(?1) as list
  join list_items on list_items.list_id = list.value
  join titles on titles.id = list_items.title_id
  where titles.poster_hash is null and titles.poster like 'tmdb:%' limit ?2`
const ofOne = `select id, poster from titles where id = ?1 and poster_hash is null and poster like 'tmdb:%'`
/** Only of the poster that was looked at: another one may have come meanwhile. */
const put = 'update titles set poster_hash = ?3 where id = ?1 and poster = ?2'

type Poster = { id: string; poster: string }

/** Gives how many were made. Ends early when TMDB's pictures do not come. */
export async function hashPosters(edge: Edge): Promise<number> {
  if (!isTmdbOn(edge.env) || (await rowsLeft(edge)) === 0) return 0
  const { results } = await edge.env.DB.prepare(waiting).bind(LISTS, MOST_A_RUN).all<Poster>()
  let made = 0
  for (const poster of results) {
    if (!(await hash(edge, poster))) break
    made++
  }
  return made
}

/** Never throws: a page without it is whole. */
export async function hashPosterOf(edge: Edge, titleId: string): Promise<void> {
  try {
    const poster = await edge.env.DB.prepare(ofOne).bind(titleId).first<Poster>()
    if (poster) await hash(edge, poster)
  } catch (error) {
    log('warn', 'poster_not_read', { correlationId: edge.correlationId, error })
  }
}

/** False when the picture did not come. One that is not there, or cannot be read, is remembered as such. */
async function hash(edge: Edge, { id, poster }: Poster): Promise<boolean> {
  try {
    const bytes = await fetchPicture(edge, poster.slice('tmdb:'.length))
    const { meta } = await edge.env.DB.prepare(put)
      .bind(id, poster, bytes ? hashOf(bytes) : '')
      .run()
    await countRows(edge, meta.rows_written)
    return true
  } catch (error) {
    log('warn', 'poster_not_read', { correlationId: edge.correlationId, error })
    return false
  }
}

function hashOf(bytes: Uint8Array): string {
  try {
    return thumbHash(jpegAverages(bytes))
  } catch (error) {
    if (error instanceof PictureError) return ''
    throw error
  }
}

/** Undefined for what is not there. The address is ours, a stranger only told the name of the file. */
async function fetchPicture({ env }: Edge, file: string): Promise<Uint8Array | undefined> {
  if (!/^\/[\w-]{1,100}\.(jpg|jpeg|png)$/.test(file)) return undefined
  const response = await fetch(`${env.TMDB_PICTURES_URL || TMDB_PICTURES}w92${file}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  if (response.status === 404) return undefined
  if (!response.ok) throw new TypeError(`status ${response.status}`)
  return readBounded(response, MOST_BYTES)
}
