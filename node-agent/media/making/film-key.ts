/** How a film is named among what was made. */
import { createHash } from 'node:crypto'
import type { Film } from '../film.ts'
import { segmentGrid } from '../hls/segment-grid.ts'

/**
 * What is made of equal bytes is equal, whatever source they came from, as long as it is cut at the same places: a
 * second look at a film may find others (look-inside.ts), and so may a later version of ours.
 */
export const filmKey = ({ etag, inside }: Pick<Film, 'etag' | 'inside'>): string =>
  createHash('sha256')
    .update(etag)
    .update(JSON.stringify([inside.startSeconds, segmentGrid(inside)]))
    .digest('hex')
    .slice(0, 24)
