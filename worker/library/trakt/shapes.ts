/** What Trakt says, as far as we read it. Lenient: a field that is not as expected is null, an item of no use is left out. */
import * as z from 'zod'

const number = z.int().positive().nullish().catch(null)
const Ids = z
  .object({
    trakt: number,
    tmdb: number,
    tvdb: number,
    imdb: z
      .string()
      .regex(/^tt\d{5,12}$/)
      .nullish()
      .catch(null),
  })
  .catch({})
export type TraktIds = z.infer<typeof Ids>

const Named = z.object({
  title: z.string().max(500).nullish().catch(null),
  year: z.int().min(1800).max(2200).nullish().catch(null),
  ids: Ids,
})
const Episode = Named.extend({ season: z.int().nonnegative(), number: z.int().nonnegative() })

/** A film, a show or an episode as Trakt knows it; seasons and people, which are on lists too, are not read. */
const media = {
  movie: z.object({ type: z.literal('movie'), movie: Named }),
  show: z.object({ type: z.literal('show'), show: Named }),
  episode: z.object({ type: z.literal('episode'), episode: Episode, show: Named }),
}
const Media = z.discriminatedUnion('type', [media.movie, media.show, media.episode])

export type TraktMedia =
  | { kind: 'movie' | 'show'; name: string | null; year: number | null; ids: TraktIds }
  | { kind: 'episode'; name: string | null; ids: TraktIds; season: number; number: number; show: TraktShow }
export type TraktShow = { name: string | null; year: number | null; ids: TraktIds }

function mediaOf(item: z.infer<typeof Media>): TraktMedia {
  if (item.type === 'episode') {
    const { title, ids, season, number } = item.episode
    return { kind: 'episode', name: title ?? null, ids, season, number, show: showOf(item.show) }
  }
  const named = item.type === 'movie' ? item.movie : item.show
  return { kind: item.type, ...showOf(named) }
}
const showOf = ({ title, year, ids }: z.infer<typeof Named>): TraktShow => ({
  name: title ?? null,
  year: year ?? null,
  ids,
})

/** Epoch milliseconds; Trakt writes ISO 8601 in UTC. */
const Time = z.string().transform((text, context) => {
  const atMs = Date.parse(text)
  if (Number.isFinite(atMs)) return atMs
  context.addIssue({ code: 'custom', message: 'is not a time' })
  return z.NEVER
})

const withMedia = <Shape extends z.ZodRawShape>(shape: Shape) => z.intersection(Media, z.object(shape))

export const HistoryItem = withMedia({ id: z.int(), watched_at: Time }).transform((item) => ({
  media: mediaOf(item),
  traktId: item.id,
  atMs: item.watched_at,
}))
/** `progress` in percent. */
export const PlaybackItem = withMedia({
  id: z.int(),
  progress: z.number().min(0).max(100),
  paused_at: Time,
}).transform((item) => ({ media: mediaOf(item), percent: item.progress, atMs: item.paused_at }))
export const RatingItem = withMedia({ rating: z.int().min(1).max(10), rated_at: Time }).transform((item) => ({
  media: mediaOf(item),
  stars: item.rating,
  atMs: item.rated_at,
}))
export const ListItem = withMedia({ listed_at: Time }).transform((item) => ({
  media: mediaOf(item),
  atMs: item.listed_at,
}))
/** Of the collection a show is one item: which of its episodes somebody owns is theirs to know. */
export const CollectedMovie = z.object({ collected_at: Time, movie: Named }).transform((item) => ({
  media: mediaOf({ type: 'movie', movie: item.movie }),
  atMs: item.collected_at,
}))
export const CollectedShow = z.object({ last_collected_at: Time, show: Named }).transform((item) => ({
  media: mediaOf({ type: 'show', show: item.show }),
  atMs: item.last_collected_at,
}))
export type HistoryItem = z.infer<typeof HistoryItem>
export type PlaybackItem = z.infer<typeof PlaybackItem>
export type RatingItem = z.infer<typeof RatingItem>
export type ListItem = z.infer<typeof ListItem>

export const List = z
  .object({
    name: z.string(),
    description: z.string().nullish().catch(null),
    updated_at: Time.nullish().catch(null),
    ids: z.object({ trakt: z.int().positive() }),
  })
  .transform(({ name, description, updated_at, ids }) => ({
    id: ids.trakt,
    name: name.slice(0, 200),
    description: (description ?? '').slice(0, 1000),
    changedAtMs: updated_at ?? 0,
  }))
export type TraktList = z.infer<typeof List>
export const PublicList = z.object({ list: List }).transform(({ list }) => list)

export const Tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.int().positive(),
  created_at: z.int().positive(),
})
export type Tokens = z.infer<typeof Tokens>

/** On lists beside titles; we keep none. */
const Other = z.object({ type: z.enum(['season', 'person']) })

/**
 * Every item that reads; undefined when it is no list at all. `isWhole` is false when something was left out that may
 * have been a title.
 */
export function readItems<Schema extends z.ZodType>(body: unknown, schema: Schema) {
  if (!Array.isArray(body)) return undefined
  const items: z.infer<Schema>[] = []
  let isWhole = true
  for (const item of body) {
    const parsed = schema.safeParse(item)
    if (parsed.success) items.push(parsed.data)
    else isWhole &&= Other.safeParse(item).success
  }
  return { items, isWhole }
}
