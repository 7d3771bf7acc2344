/** An operator's own films as the admin page lists them: which titles they are, which nobody knows, and what the operator says. */
import * as z from 'zod'
import { EpisodeHint } from './source.ts'

/**
 * How a film and the catalog came together. `waiting`: the edge has not been asked yet. `fits`: it is a title, or copies
 * of several. `unknown`: no title is called so. `several`: its name says no year, and titles of several years are called
 * so. `chosen`: the operator said which. `aside`: the operator said that it is no film.
 */
export const OwnFilmMatch = z.enum(['waiting', 'fits', 'unknown', 'several', 'chosen', 'aside'])
export type OwnFilmMatch = z.infer<typeof OwnFilmMatch>

/** `unmatched`: unknown or several. `decided`: chosen or aside. */
export const OwnFilmView = z.enum(['unmatched', 'decided', 'matched'])
export type OwnFilmView = z.infer<typeof OwnFilmView>

/** The first half of a made-up hash: the whole of it is what players reach the file by, and stays with agent and edge. */
export const OwnFilmId = z.string().regex(/^[0-9a-f]{20}$/)

/** A file, or all files that bear the name of one show. Where on the machine they lie is not told. */
export const OwnFilm = z.object({
  id: OwnFilmId,
  /** Of the file, with the folders between it and the operator's own; of several files the first one's. */
  name: z.string().max(400),
  /** Episodes of one show are decided on together. */
  fileCount: z.int().positive(),
  /** As its name was read: lower case words without signs. */
  title: z.string().max(200),
  year: z.int().optional(),
  /** Of several files the first one's. */
  episode: EpisodeHint.optional(),
  match: OwnFilmMatch,
  /** What it is, or may be. */
  titleIds: z.array(z.string().min(1).max(64)).max(10),
})
export type OwnFilm = z.infer<typeof OwnFilm>

export const OWN_FILMS_AT_ONCE = 50

export const OwnFilmPage = z.object({
  /** Folders are set at home, and searched. */
  isOn: z.boolean(),
  /** In files, not in entries. */
  counts: z.object({
    waiting: z.int().nonnegative(),
    unmatched: z.int().nonnegative(),
    decided: z.int().nonnegative(),
    matched: z.int().nonnegative(),
  }),
  films: z.array(OwnFilm).max(OWN_FILMS_AT_ONCE),
  /** There are more behind these. */
  isMore: z.boolean(),
})
export type OwnFilmPage = z.infer<typeof OwnFilmPage>

/** What the operator says of an entry. A show is said of all its files, unless an episode is named: then of this one. */
export const OwnFilmChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('movie'), titleId: z.string().min(1).max(64) }),
  z.object({ kind: z.literal('show'), titleId: z.string().min(1).max(64), episode: EpisodeHint.optional() }),
  z.object({ kind: z.literal('none') }),
])
export type OwnFilmChoice = z.infer<typeof OwnFilmChoice>
