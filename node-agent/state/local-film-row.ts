/** One film of the operator's own as the state keeps it, and how rows of them are read. */
import type { OwnFilmMatch } from '#protocol/own-films.ts'

/** As a scan sees it. */
export type LocalFilm = {
  path: string
  /** The path beneath the operator's folder. */
  name: string
  sizeBytes: number
  /** Whole epoch milliseconds. */
  modifiedMs: number
  /** Made up: it stands for path, size and time. */
  infoHash: string
  /** In the plain form by which titles are compared. */
  title: string
  year: number | null
  season: number | null
  episode: number | null
  imdbId: string | null
}

export type LocalFilmRow = LocalFilm & {
  match: OwnFilmMatch
  /** JSON list of what it is, or may be, as the edge knew it last. */
  titleIds: string
  /** When the edge was told of it, in epoch seconds; 0 or less: it is to be told. */
  toldAt: number
}

export const columns = `path, coalesce(name, '') AS name, size_bytes AS sizeBytes, modified_ms AS modifiedMs,
  info_hash AS infoHash, title, year, season, episode, imdb_id AS imdbId, match, title_ids AS titleIds, told_at AS toldAt`

/** Which episode of a show; undefined: it is a film. The name of a show is on hundreds of files. */
export type Part = { season?: number | undefined; episode: number } | undefined
export const isPart = 'episode IS ? AND (episode IS NULL OR coalesce(season, 1) = ?)'
export const partOf = (part: Part) => [part?.episode ?? null, part?.season ?? 1] as const
