/** What a search takes and answers. */
import * as z from 'zod'
import { TitleCard, UpstreamState } from '../answers.ts'

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most).optional()

/** The query string of `GET /api/search`. */
export const SearchQuery = z.strictObject({
  q: z.string().max(100),
  kind: z.enum(['movie', 'show']).optional(),
  yearFrom: whole(1870, 2200),
  yearTo: whole(1870, 2200),
  genre: whole(1, 1_000_000),
  /** ISO 639-1: what it was made in. */
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  runtimeTo: whole(1, 6000),
  /** `1`: only what can be had now. */
  available: z.literal('1').optional(),
  /** `known`: only what is known here, at once, for each letter typed. `all`: with TMDB's, once somebody stops. */
  scope: z.enum(['known', 'all']).default('all'),
  cursor: z
    .string()
    .regex(/^\d{1,3}$/)
    .optional(),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const SearchAnswer = z.object({
  results: z.array(TitleCard.extend({ isAvailable: z.boolean() })),
  /** The words that were looked for instead of those typed, when no title has them. */
  correctedTo: z.string().nullable(),
  /** Null: it was not asked. */
  upstream: UpstreamState.nullable(),
  /** For the next page; null: that is all. */
  cursor: z.string().nullable(),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>
