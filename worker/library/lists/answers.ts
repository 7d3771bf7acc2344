/** What the list routes take and answer. */
import * as z from 'zod'
import { TitleCard, TitleId } from '../../catalog/answers.ts'

export const ListId = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/)
/** `watchlist` names the viewer's own, whatever its id. */
export const ListParam = z.object({ id: ListId })
export const ListItemParam = z.object({ id: ListId, titleId: TitleId })

const words = {
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().max(500),
  /** Everybody in the household may see it. */
  isShared: z.boolean(),
}
export const MakeList = z.strictObject({
  ...words,
  description: words.description.default(''),
  isShared: words.isShared.default(false),
})
export const ChangeList = z.strictObject(words).partial()

/** Where a title comes to stand: behind another one of the list, or first. */
export const PlaceTitle = z.strictObject({ after: TitleId.nullable() })

export const ListCard = z.object({
  id: ListId,
  kind: z.enum(['builtin', 'watchlist', 'personal', 'trakt']),
  ...words,
  isOwn: z.boolean(),
  titleCount: z.int(),
  /** Whether the title that was asked for is in it; null when none was. */
  has: z.boolean().nullable(),
})
export type ListCard = z.infer<typeof ListCard>

/** `next`: the `cursor` of the page after this one; null at the end. */
export const ListPage = z.object({ list: ListCard, titles: z.array(TitleCard), next: z.string().nullable() })
export type ListPage = z.infer<typeof ListPage>

export const ListsQuery = z.object({ title: TitleId.optional() })
export const PageQuery = z.object({ cursor: z.string().max(200).optional() })
