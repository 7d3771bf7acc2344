/** How often a person may ask for what an agent or somebody upstream pays for: one row a person, counted from its first. */
import { AppError } from '#protocol/errors.ts'
import { oneMore } from '../counted-window.ts'
import type { Edge } from '../edge.ts'
import { connectionAsks, subtitleAsks } from './schema.ts'

type AskLimit = {
  asksOf: typeof subtitleAsks | typeof connectionAsks
  most: number
  seconds: number
  refusal: string
}

/** Adding or searching subtitles: an agent's disk and the operator's quota upstream are bounded. */
export const subtitleLimit: AskLimit = {
  ...{ asksOf: subtitleAsks, most: 40, seconds: 600 },
  refusal: 'That were many subtitles in a row. Please wait ten minutes.',
}

/**
 * Offers of data channels: each makes an agent open sockets and gather. A player on a bad line that looks for a better
 * way makes about twelve in ten minutes, and one person may have several screens.
 */
export const connectionLimit: AskLimit = {
  ...{ asksOf: connectionAsks, most: 60, seconds: 600 },
  refusal: 'Your devices have connected to your home very often. Another way is taken for ten minutes.',
}

/** Throws `too_many`, also to all but so many who ask at once. */
export async function takeAsk({ db, now }: Edge, personId: string, limit: AskLimit): Promise<void> {
  const { asksOf, refusal, ...within } = limit
  const more = oneMore({ count: asksOf.asks, startedAt: asksOf.startedAt, ...within }, now)
  const [taken] = await db
    .insert(asksOf)
    .values({ personId, startedAt: now, asks: 1 })
    .onConflictDoUpdate({
      target: asksOf.personId,
      set: { asks: more.count, startedAt: more.startedAt },
      setWhere: more.where,
    })
    .returning({ asks: asksOf.asks })
  if (!taken) throw new AppError('too_many', refusal)
}
