/** How often a person may add or search subtitles: an agent's disk and the operator's quota upstream are bounded. */
import { lt, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { subtitleAsks } from '../schema.ts'

export const MOST_ASKS = 40
export const ASKS_SECONDS = 600

/** Takes one, by one conditional statement, so that many at once get no more. Throws `too_many`. */
export async function takeAsk({ db, now }: Edge, personId: string): Promise<void> {
  const isOver = lt(subtitleAsks.startedAt, now - ASKS_SECONDS)
  const [taken] = await db
    .insert(subtitleAsks)
    .values({ personId, startedAt: now, asks: 1 })
    .onConflictDoUpdate({
      target: subtitleAsks.personId,
      set: {
        asks: sql`case when ${isOver} then 1 else ${subtitleAsks.asks} + 1 end`,
        startedAt: sql`case when ${isOver} then ${now} else ${subtitleAsks.startedAt} end`,
      },
      setWhere: sql`${isOver} or ${subtitleAsks.asks} < ${MOST_ASKS}`,
    })
    .returning({ asks: subtitleAsks.asks })
  if (!taken) throw new AppError('too_many', 'That were many subtitles in a row. Please wait ten minutes.')
}
