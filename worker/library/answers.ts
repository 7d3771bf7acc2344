/** What the library routes take and answer. */
import * as z from 'zod'
import { TitleCard } from '../catalog/answers.ts'

const seconds = z
  .number()
  .nonnegative()
  .max(7 * 24 * 3600)

/** How far a person is; `watchedAtMs` is when, by the viewer's clock. */
export const Progress = z.strictObject({
  positionSeconds: seconds,
  durationSeconds: seconds,
  watchedAtMs: z.int().nonnegative(),
})
export type Progress = z.infer<typeof Progress>

/** What a player tells: a place in one file, and what the viewer has just done there; without `moment` it plays on. */
export const SaveProgress = Progress.extend({
  /** Of the source that plays; another cut of the same film has places of its own. */
  sourceId: z.string().min(1).max(64).optional(),
  /** Where the credits begin, if the player knows. */
  creditsAtSeconds: seconds.optional(),
  moment: z.enum(['playing', 'paused', 'ended']).optional(),
})
export type SaveProgress = z.infer<typeof SaveProgress>

/** The episode that a card stands for, of which show. */
export const EpisodeOf = z.object({
  showId: z.string(),
  showName: z.string(),
  seasonNumber: z.int(),
  episodeNumber: z.int(),
})
export type EpisodeOf = z.infer<typeof EpisodeOf>

/** What comes next in a show. */
export const NextEpisode = z.object({ title: TitleCard, episode: EpisodeOf })
export type NextEpisode = z.infer<typeof NextEpisode>

/** What a player goes on with, if it can be had from somewhere. */
export const FollowingEpisode = NextEpisode.extend({ isAvailable: z.boolean() })
export type FollowingEpisode = z.infer<typeof FollowingEpisode>

/** BCP 47, roughly. */
export const LanguageTag = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: 'must be a language tag such as de or pt-BR' })

/** How a person likes to watch, whatever the title. Saved as a whole. */
export const Preferences = z.strictObject({
  /** BCP 47 tags, liked best first; empty: as the film says. */
  audioLanguages: z.array(LanguageTag).max(8),
  subtitleLanguages: z.array(LanguageTag).max(8),
  /** `forced`: only what translates signs and foreign speech. */
  subtitles: z.enum(['off', 'forced', 'on']),
  subtitleSizePercent: z.int().min(50).max(300),
  /** Never more lines of picture than this; null: no cap of their own. */
  mostHeightPixels: z.int().min(144).max(10_000).nullable(),
})
export type Preferences = z.infer<typeof Preferences>

/** What was chosen in one title; null: nothing was. */
export const TitleChoice = z.strictObject({
  audioTrackId: z.int().nonnegative().max(1_000_000).nullable(),
  subtitle: z.union([z.literal('off'), z.strictObject({ trackId: z.string().regex(/^[a-z]\d{1,6}$/) })]).nullable(),
})
export type TitleChoice = z.infer<typeof TitleChoice>
