/** Of which show a title is an episode: the columns to read beside its card, and what is made of them. */
import type { SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Viewer } from '../auth/viewer.ts'
import { titles } from '../catalog/schema.ts'
import type { EpisodeOf } from './answers.ts'
import { nameFor } from './name-for.ts'

/** To be joined by whoever reads `episodeColumns`. */
export const show = alias(titles, 'show')

export const episodeColumns = (viewer: Pick<Viewer, 'language'>) => ({
  showId: titles.showId,
  // Null where nothing was joined.
  showName: nameFor(viewer, show).as('show_name') as SQL.Aliased<string | null>,
  seasonNumber: titles.seasonNumber,
  episodeNumber: titles.episodeNumber,
})

export type WithEpisode = {
  showId: string | null
  showName: string | null
  seasonNumber: number | null
  episodeNumber: number | null
}

/** Pure; null for what is no episode. */
export function episodeOf({ showId, showName, seasonNumber, episodeNumber }: WithEpisode): EpisodeOf | null {
  if (showId === null || showName === null || seasonNumber === null || episodeNumber === null) return null
  return { showId, showName, seasonNumber, episodeNumber }
}
