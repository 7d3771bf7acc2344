/** An operator's own films, as an agent sees them on its disks: which titles of the catalog they may be is asked of the edge. */
import * as z from 'zod'
import { EpisodeHint } from './source.ts'
import { TitleWish } from './source-search.ts'

/** What the name of one file says; it is not told where the file lies. */
export const LocalFilm = z.object({
  /** Lower case words without signs, as titles are compared. */
  title: z.string().max(200),
  year: z.int().min(1870).max(2100).optional(),
  imdbId: z
    .string()
    .regex(/^tt\d{6,12}$/)
    .optional(),
  /** Then the rest is of its show. */
  episode: EpisodeHint.optional(),
  /** The operator said which title it is, of an episode which show: then nothing else counts. */
  titleId: z.string().min(1).max(64).optional(),
})
export type LocalFilm = z.infer<typeof LocalFilm>

/** In one message. */
export const LOCAL_FILMS_AT_ONCE = 50
export const GONE_FILMS_AT_ONCE = 200
const MOST_TITLES = 500

/** `POST /api/catalog/local-films`, signed by the agent: `gone` are info hashes of files that are there no longer. */
export const LocalFilms = z.object({
  films: z.array(LocalFilm).max(LOCAL_FILMS_AT_ONCE),
  gone: z.array(z.string().regex(/^[0-9a-f]{40}$/)).max(GONE_FILMS_AT_ONCE),
})
export type LocalFilms = z.infer<typeof LocalFilms>

/** Titles that some of the films may be. The agent looks closer, and posts what fits as found. */
export const LocalFilmTitles = z.object({ titles: z.array(TitleWish).max(MOST_TITLES) })
export type LocalFilmTitles = z.infer<typeof LocalFilmTitles>
