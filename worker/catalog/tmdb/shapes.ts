/**
 * What TMDB answers (API v3), as far as we read it. Lenient: a field that is missing, null or of another kind is not
 * known, an item without an id is left out, a word we do not know stays a word. Only the frame itself must be there.
 */
import * as z from 'zod'

const text = z.string().catch('')
const word = z.string().min(1).nullable().catch(null)
const number = z.number().nullable().catch(null)
const count = z.number().nonnegative().catch(0)
const id = z.int().positive()
/** `/name.jpg` and nothing else: it becomes part of an address. */
const file = z
  .string()
  .regex(/^\/[A-Za-z0-9_-]+\.(jpg|jpeg|png|svg|webp)$/)
  .nullable()
  .catch(null)
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .nullable()
  .catch(null)

/** Those that parse. */
const some = <Item extends z.ZodType>(item: Item) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((list) =>
      list.flatMap((one): z.infer<Item>[] => {
        const parsed = item.safeParse(one)
        return parsed.success ? [parsed.data] : []
      }),
    )

/** Those that parse of a list that must be there: without it the answer is another one. */
const listed = <Item extends z.ZodType>(item: Item) => z.array(z.unknown()).pipe(some(item))

const within = <Shape extends z.ZodType>(shape: Shape, otherwise: z.input<Shape>) =>
  shape.catch(() => shape.parse(otherwise))

/** A film or a show in a list: films have `title` and `release_date`, shows `name` and `first_air_date`. */
export const TmdbCard = z.object({
  id,
  media_type: word,
  title: word,
  name: word,
  original_title: word,
  original_name: word,
  original_language: word,
  overview: text,
  release_date: day,
  first_air_date: day,
  poster_path: file,
  backdrop_path: file,
  popularity: count,
  vote_average: number,
  vote_count: count,
  genre_ids: some(z.int()),
  adult: z.boolean().catch(false),
})
export type TmdbCard = z.infer<typeof TmdbCard>

export const TmdbPage = z.object({
  page: count,
  results: listed(TmdbCard),
  total_pages: count,
})

export const TmdbChanges = z.object({
  page: count,
  results: listed(z.object({ id })),
  total_pages: count,
})

export const TmdbGenres = z.object({ genres: listed(z.object({ id, name: z.string().min(1) })) })

const TmdbImage = z.object({ file_path: file, iso_639_1: word, vote_average: number })
export type TmdbImage = z.infer<typeof TmdbImage>

const ReleaseDates = z.object({
  results: some(
    z.object({
      iso_3166_1: z.string().length(2),
      release_dates: some(z.object({ certification: text, type: count })),
    }),
  ),
})
const ContentRatings = z.object({ results: some(z.object({ iso_3166_1: z.string().length(2), rating: text })) })

const nothing = { results: [] }
const Episode = z.object({
  id,
  episode_number: z.int().nonnegative(),
  season_number: z.int().nonnegative().catch(0),
  name: text,
  overview: text,
  air_date: day,
  runtime: number,
  still_path: file,
  vote_average: number,
  vote_count: count,
})

export const TmdbSeason = z.object({
  id,
  season_number: z.int().nonnegative(),
  name: text,
  overview: text,
  air_date: day,
  poster_path: file,
  episodes: some(Episode),
})
export type TmdbSeason = z.infer<typeof TmdbSeason>

/** A film or a show with all that is appended (`append_to_response`). */
export const TmdbDetails = TmdbCard.omit({ genre_ids: true, media_type: true }).extend({
  imdb_id: z
    .string()
    .regex(/^tt\d{5,12}$/)
    .nullable()
    .catch(null),
  runtime: number,
  episode_run_time: some(z.number().positive()),
  tagline: text,
  status: word,
  homepage: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .catch(null),
  genres: some(z.object({ id, name: z.string().min(1) })),
  seasons: some(TmdbSeason.omit({ episodes: true })),
  created_by: some(z.object({ id, name: z.string().min(1), profile_path: file })),
  translations: within(
    z.object({
      translations: some(
        z.object({
          iso_639_1: z.string().length(2),
          iso_3166_1: text,
          data: z.object({ title: text, name: text, overview: text, tagline: text }),
        }),
      ),
    }),
    { translations: [] },
  ),
  images: within(z.object({ posters: some(TmdbImage), logos: some(TmdbImage) }), { posters: [], logos: [] }),
  videos: within(
    z.object({
      results: some(
        z.object({
          site: z.string(),
          key: z.string().regex(/^[A-Za-z0-9_-]{4,40}$/),
          type: text,
          name: text,
          iso_639_1: word,
          official: z.boolean().catch(false),
        }),
      ),
    }),
    nothing,
  ),
  external_ids: within(z.object({ imdb_id: word, tvdb_id: z.int().positive().nullable().catch(null) }), {
    imdb_id: null,
    tvdb_id: null,
  }),
  credits: within(
    z.object({
      cast: some(z.object({ id, name: z.string().min(1), character: text, order: count, profile_path: file })),
      crew: some(z.object({ id, name: z.string().min(1), job: text, profile_path: file })),
    }),
    { cast: [], crew: [] },
  ),
  recommendations: within(z.object({ results: some(TmdbCard) }), nothing),
  release_dates: within(ReleaseDates, nothing),
  content_ratings: within(ContentRatings, nothing),
})
export type TmdbDetails = z.infer<typeof TmdbDetails>

/** A kind that is missing is told of as such: its sizes are none. */
const sizes = z.array(z.string()).catch([])
export const TmdbConfiguration = z.object({
  images: z.object({
    secure_base_url: z.string(),
    poster_sizes: sizes,
    backdrop_sizes: sizes,
    profile_sizes: sizes,
    logo_sizes: sizes,
  }),
})
