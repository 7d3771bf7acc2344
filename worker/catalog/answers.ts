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
})
export type TitleCard = z.infer<typeof TitleCard>

/** A source as a person may see it: never its hash, magnet or trackers. */
export const SourceCard = z.object({ id: z.string(), provider: z.string(), sizeBytes: z.int().nullable() })
export type SourceCard = z.infer<typeof SourceCard>

export const TitlePage = TitleCard.extend({
  overview: z.string(),
  licence: z.string(),
  credit: z.string(),
  sources: z.array(SourceCard),
})
export type TitlePage = z.infer<typeof TitlePage>

export const TitleId = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/)
