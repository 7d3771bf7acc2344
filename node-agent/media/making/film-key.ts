/** How a film is named among what was made. */
import { createHash } from 'node:crypto'
import type { Film } from '../film.ts'

/** What is made of equal bytes is equal, whatever source they came from. */
export const filmKey = ({ etag }: Pick<Film, 'etag'>): string =>
  createHash('sha256').update(etag).digest('hex').slice(0, 24)
