/** What the front page is: one answer, a row for each reason to watch something. */
import * as z from 'zod'
import { TitleCard } from '../../catalog/answers.ts'
import { EpisodeOf, NextEpisode, Progress } from '../answers.ts'

export const ContinueCard = Progress.extend({ title: TitleCard, episode: EpisodeOf.nullable() })
export type ContinueCard = z.infer<typeof ContinueCard>

export const TitleRow = z.object({
  /** Stable, and unique within the page. */
  id: z.string(),
  name: z.string(),
  /** The list it is the beginning of (`at-home`: GET /api/titles); null: that is all there is. */
  listId: z.string().nullable(),
  titles: z.array(TitleCard),
})
export type TitleRow = z.infer<typeof TitleRow>

export const FrontPage = z.object({
  /** To begin with: what came home last. Null while nothing can be had. */
  featured: TitleCard.nullable(),
  continueWatching: z.array(ContinueCard),
  nextUp: z.array(NextEpisode),
  /** Best reason first; none is empty. */
  rows: z.array(TitleRow),
})
export type FrontPage = z.infer<typeof FrontPage>
