/** What the routes of the history take and answer. */
import * as z from 'zod'
import { TitleCard, TitleId } from '../../catalog/answers.ts'
import { EpisodeOf } from '../answers.ts'

/** One viewing; its key is the title and the time. */
export const HistoryItem = z.object({
  title: TitleCard,
  /** Of which show, when it is an episode. */
  episode: EpisodeOf.nullable(),
  watchedAtMs: z.int(),
  /** `marked`: somebody said so, nobody played it here. */
  origin: z.enum(['porchlight', 'marked', 'trakt']),
})
export type HistoryItem = z.infer<typeof HistoryItem>

export const HistoryPage = z.object({
  items: z.array(HistoryItem),
  /** For the next page; null: that was the last. */
  next: z.string().nullable(),
})
export type HistoryPage = z.infer<typeof HistoryPage>

export const HistoryQuery = z.strictObject({
  /** `<watchedAtMs>.<titleId>` of the last item before. */
  cursor: z
    .string()
    .regex(/^\d{1,16}\.[A-Za-z0-9_-]{1,80}$/)
    .optional(),
})

export const ViewingParam = z.object({ titleId: TitleId, watchedAtMs: z.coerce.number().int().nonnegative() })

/** A film, an episode, or all of a show or of one season of it. */
export const MarkWatched = z.strictObject({
  titleId: TitleId,
  isWatched: z.boolean(),
  /** Of a show: this season only. 0 are its specials, which `all` leaves out. */
  seasonNumber: z.int().min(0).max(1000).optional(),
})
export type MarkWatched = z.infer<typeof MarkWatched>

/** How much of a title was watched: of a film or an episode one of one, of a show and a season by episodes. */
export const WatchedPart = z.object({ watched: z.int(), of: z.int() })
export type WatchedPart = z.infer<typeof WatchedPart>
