/** What the routes of sources take that the operator adds by hand. */
import * as z from 'zod'
import { Base64Url } from '#protocol/base64url.ts'
import { TitleId } from '../answers.ts'

/** Largest .torrent that may be uploaded, before base64. */
export const UPLOAD_BYTES = 2 * 1024 * 1024
/** That in JSON, and the little beside it. */
export const UPLOAD_BODY_BYTES = 3 * 1024 * 1024

/** One of the two. Of a show or a season the episode is named; of a season alone, all of its episodes get a pack. */
export const NewSource = z
  .strictObject({
    magnet: z.string().trim().min(1).max(20_000).optional(),
    torrentFile: Base64Url.min(1)
      .max(Math.ceil((UPLOAD_BYTES * 4) / 3))
      .optional(),
    seasonNumber: z.int().min(0).max(9999).optional(),
    episodeNumber: z.int().min(0).max(99_999).optional(),
  })
  .refine(({ magnet, torrentFile }) => (magnet === undefined) !== (torrentFile === undefined), {
    error: 'needs a magnet link or a .torrent, and not both',
  })
export type NewSource = z.infer<typeof NewSource>

/** How many titles have it now: several when it is a pack for a season. */
export const SourceAdded = z.object({ count: z.int() })

export const TitleParam = z.object({ id: TitleId })
export const SourceParam = TitleParam.extend({ source: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) })
