/** Which titles of ours TMDB's numbers mean: one query for all of them. */
import type { Edge } from '../../edge.ts'
import { type TmdbKind, titleIdOf } from './title-ids.ts'

export type TmdbRef = { kind: TmdbKind; tmdbId: number }

const find = `select scheme, value, title_id as titleId from external_ids
  where (scheme, value) in (select value ->> 0, value ->> 1 from json_each(?1))`

/** Gives the id of a title that stands for it already, or the one it will have. */
export async function resolveTitles(
  edge: Edge,
  refs: readonly TmdbRef[],
): Promise<(kind: TmdbKind, tmdbId: number) => string> {
  const known = new Map<string, string>()
  if (refs.length > 0) {
    const asked = refs.map(({ kind, tmdbId }) => [`tmdb:${kind}`, String(tmdbId)])
    const { results } = await edge.env.DB.prepare(find)
      .bind(JSON.stringify(asked))
      .all<{ scheme: string; value: string; titleId: string }>()
    for (const { scheme, value, titleId } of results) known.set(`${scheme}:${value}`, titleId)
  }
  return (kind, tmdbId) => known.get(`tmdb:${kind}:${tmdbId}`) ?? titleIdOf(kind, tmdbId)
}
