/** Pure: of which show a row's title is an episode; null when it is none. */
import type { EpisodeOf } from '../front-page/answers.ts'

type Row = {
  showId: string | null
  showName: string | null
  seasonNumber: number | null
  episodeNumber: number | null
}

export function episodeOf({ showId, showName, seasonNumber, episodeNumber }: Row): EpisodeOf | null {
  if (showId === null || showName === null || seasonNumber === null || episodeNumber === null) return null
  return { showId, showName, seasonNumber, episodeNumber }
}
