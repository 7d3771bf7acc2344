/** A title's sources as they can be played, with what is known of those that were found. */
import type { Viewer } from '../../auth/viewer.ts'
import type { Edge } from '../../edge.ts'
import { isSealed } from '../../field-encryption.ts'
import { type Source, sourcesOf } from '../titles.ts'
import { type FoundFacts, foundFactsOf } from './read-facts.ts'
import { openSources } from './sealed-sources.ts'

/** None where the title is not for this viewer. For the rooms that open them, never for a person's eyes. */
export async function sourcesWithFacts(
  { db, env }: Pick<Edge, 'db' | 'env'>,
  viewer: Viewer,
  titleId: string,
): Promise<{ source: Source; facts?: FoundFacts }[]> {
  const rows = await sourcesOf(db, viewer, titleId)
  const facts = rows.some(({ infoHash }) => isSealed(infoHash)) ? await foundFactsOf(db, titleId) : undefined
  const opened = await openSources(env, rows)
  return opened.map((source) => {
    const known = facts?.get(source.id)
    return known === undefined ? { source } : { source, facts: known }
  })
}
