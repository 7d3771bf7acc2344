/** What the routes of ratings take and answer. */
import * as z from 'zod'

/** 1 to 10, as Trakt counts. */
export const Rate = z.strictObject({ stars: z.int().min(1).max(10) })
export type Rate = z.infer<typeof Rate>

export const Rating = Rate.extend({ ratedAtMs: z.int() })
export type Rating = z.infer<typeof Rating>
