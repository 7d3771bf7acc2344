/**
 * Where TMDB's pictures are stands in the addresses we make (picture-url.ts), because a card must cost no look-up. Its
 * `/configuration` says where they really are: the operator hears when that is no longer the same.
 */
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { TMDB_PICTURES } from '../picture-url.ts'
import { askTmdb, TmdbError } from './ask-tmdb.ts'
import { TmdbConfiguration } from './shapes.ts'

/** What we and the browser ask for, by kind. */
const used = {
  poster_sizes: ['w92', 'w185', 'w342', 'w500', 'w780'],
  backdrop_sizes: ['w1280'],
  profile_sizes: ['w185'],
  logo_sizes: ['w500'],
} as const

/** Gives whether TMDB's word and ours are the same; undefined when TMDB does not say. Never throws for TMDB's sake. */
export async function checkConfiguration(edge: Edge): Promise<boolean | undefined> {
  try {
    const { images } = await askTmdb(edge, {
      path: '/configuration',
      schema: TmdbConfiguration,
      priority: 'task',
    })
    const kinds = Object.keys(used) as (keyof typeof used)[]
    const missing = kinds.flatMap((kind) =>
      used[kind].filter((size) => !images[kind].includes(size)).map((size) => `${kind} ${size}`),
    )
    if (images.secure_base_url !== TMDB_PICTURES) missing.unshift('secure_base_url')
    if (missing.length === 0) return true
    log('error', 'tmdb_pictures_moved', { correlationId: edge.correlationId, reason: missing.join(', ') })
    return false
  } catch (error) {
    if (error instanceof TmdbError) return undefined
    throw error
  }
}
