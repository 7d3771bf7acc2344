/** What the catalog routes answer. */
import * as z from 'zod'

export const TitleCard = z.object({
  id: z.string(),
  kind: z.enum(['movie', 'show', 'season', 'episode']),
  name: z.string(),
  /** Null: not known. */
  year: z.int().nullable(),
  runtimeMinutes: z.number().nullable(),
  poster: z.string().nullable(),
  /** The poster out of focus, until it is there: a ThumbHash, base64url. Null: there is none yet. */
  posterHash: z.string().nullable(),
})
export type TitleCard = z.infer<typeof TitleCard>

/** A source as a person may see it: never its hash, magnet or trackers. */
export const SourceCard = z.object({ id: z.string(), provider: z.string(), sizeBytes: z.int().nullable() })
export type SourceCard = z.infer<typeof SourceCard>

/** `isLooking`: more may come in the next seconds. */
export const TitleSearched = z.object({ isLooking: z.boolean(), sourceCount: z.int() })

export const TitlePage = TitleCard.extend({
  overview: z.string(),
  licence: z.string(),
  credit: z.string(),
  sources: z.array(SourceCard),
})
export type TitlePage = z.infer<typeof TitlePage>

/** What TMDB is to this page: `on`; `away`: it does not answer, and what is known is shown; `off`: nobody set it up. */
export const UpstreamState = z.enum(['on', 'away', 'off'])
export type UpstreamState = z.infer<typeof UpstreamState>

const Video = z.object({
  site: z.string(),
  key: z.string(),
  kind: z.string(),
  name: z.string(),
  language: z.string().nullable(),
})

/** An episode, or a season, within its show. */
export const PartCard = TitleCard.extend({
  seasonNumber: z.int().nullable(),
  episodeNumber: z.int().nullable(),
  overview: z.string(),
  releasedOn: z.string().nullable(),
  isAvailable: z.boolean(),
})
export type PartCard = z.infer<typeof PartCard>

/** A title's own page. What is not known is null, or an empty list. */
export const WholeTitle = TitlePage.extend({
  tagline: z.string().nullable(),
  originalName: z.string().nullable(),
  originalLanguage: z.string().nullable(),
  /** `YYYY-MM-DD`. */
  releasedOn: z.string().nullable(),
  status: z.string().nullable(),
  homepage: z.string().nullable(),
  /** 0 to 10. */
  voteAverage: z.number().nullable(),
  voteCount: z.int(),
  /** As it is written in the household's region. */
  certification: z.string().nullable(),
  minimumAgeYears: z.int().nullable(),
  backdrop: z.string().nullable(),
  logo: z.string().nullable(),
  genres: z.array(z.object({ id: z.int(), name: z.string() })),
  credits: z.array(
    z.object({
      job: z.enum(['cast', 'director', 'writer', 'creator']),
      name: z.string(),
      character: z.string().nullable(),
      portrait: z.string().nullable(),
    }),
  ),
  videos: z.array(Video),
  recommendations: z.array(TitleCard),
  /** Of a show its seasons; of a season its episodes. */
  parts: z.array(PartCard),
  /** Of a season or an episode. */
  show: z.object({ id: z.string(), name: z.string() }).nullable(),
  seasonNumber: z.int().nullable(),
  episodeNumber: z.int().nullable(),
  upstream: UpstreamState,
})
export type WholeTitle = z.infer<typeof WholeTitle>

export const TitleId = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/)
