/** For the clean-up: finds that nobody has told of for so long that they lead nowhere by now. */
import { and, inArray, isNotNull, lt } from 'drizzle-orm'
import type { Edge } from '../../edge.ts'
import { sources } from '../schema.ts'
import { foundSources } from './schema.ts'

export const KEPT_SECONDS = 60 * 86_400

/** What the operator added does not age, nor does a file at home. What is known of a find goes with its source. */
export const forgetOldFinds = ({ db, now }: Edge) =>
  db.delete(sources).where(
    inArray(
      sources.id,
      db
        .select({ id: foundSources.sourceId })
        .from(foundSources)
        // Both, so that SQLite uses the index of those that age.
        .where(and(isNotNull(foundSources.seenAt), lt(foundSources.seenAt, now - KEPT_SECONDS))),
    ),
  )
