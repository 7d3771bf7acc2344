/** One film or show from TMDB, with all that is appended, in one question; one season with its episodes in another. */
import type { Edge } from '../../edge.ts'
import type { Priority } from '../upstream/upstream-gate.ts'
import { askTmdb, TmdbError } from './ask-tmdb.ts'
import { type Household, readDetails, type TitleContents } from './read-details.ts'
import type { TmdbRef } from './resolve-titles.ts'
import { TmdbDetails, TmdbSeason } from './shapes.ts'
import { tmdbWord } from './title-ids.ts'

const both = ['translations', 'images', 'videos', 'external_ids', 'credits', 'recommendations']
const appended = { movie: [...both, 'release_dates'], show: [...both, 'content_ratings'] }

export type FetchedTitle = { contents: TitleContents; tmdbId: number }

/** `tmdbId` of the answer is another one where TMDB has merged two. Throws `TmdbError`. */
export async function fetchTitle(
  edge: Edge,
  { kind, tmdbId }: TmdbRef,
  titleId: string,
  { household, priority }: { household: Household; priority: Priority },
): Promise<FetchedTitle> {
  const pictures = [...new Set(household.languages.map((language) => language.split('-')[0]))]
  const details = await askTmdb(edge, {
    path: `/${tmdbWord(kind)}/${tmdbId}`,
    query: {
      language: 'en-US',
      append_to_response: appended[kind].join(','),
      include_image_language: [...pictures, 'null'].join(','),
      include_video_language: pictures.join(','),
    },
    schema: TmdbDetails,
    priority,
  })
  const contents = readDetails(kind, titleId, details, household)
  if (contents === undefined) throw new TmdbError('gone')
  return { contents, tmdbId: details.id }
}

export const fetchSeason = (edge: Edge, showTmdbId: number, seasonNumber: number, priority: Priority) =>
  askTmdb(edge, {
    path: `/tv/${showTmdbId}/season/${seasonNumber}`,
    query: { language: 'en-US' },
    schema: TmdbSeason,
    priority,
  })
