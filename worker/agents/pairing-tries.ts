/** Ten wrong codes in ten minutes, then a person has to wait: a code cannot be found by trying. */
import { and, eq, gt, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { PAIRING_SECONDS, PAIRING_TRIES } from '#protocol/pairing.ts'
import { oneMore } from '../counted-window.ts'
import type { Edge } from '../edge.ts'
import { pairingTries } from './schema.ts'

/**
 * Takes one try, runs the look-up, and gives the try back when the code was right. The try is taken first, by one
 * conditional statement, so that a hundred guesses at once get no more than ten.
 */
export async function withinTries<Value>(edge: Edge, personId: string, look: () => Promise<Value>): Promise<Value> {
  await takeTry(edge, personId)
  const found = await look()
  await edge.db
    .update(pairingTries)
    .set({ tries: sql`${pairingTries.tries} - 1` })
    .where(and(eq(pairingTries.personId, personId), gt(pairingTries.tries, 0)))
  return found
}

async function takeTry({ db, now }: Edge, personId: string): Promise<void> {
  const { tries, startedAt } = pairingTries
  const more = oneMore({ count: tries, startedAt, most: PAIRING_TRIES, seconds: PAIRING_SECONDS }, now)
  const [taken] = await db
    .insert(pairingTries)
    .values({ personId, startedAt: now, tries: 1 })
    .onConflictDoUpdate({
      target: pairingTries.personId,
      set: { tries: more.count, startedAt: more.startedAt },
      setWhere: more.where,
    })
    .returning({ tries: pairingTries.tries })
  if (!taken) {
    throw new AppError(
      'too_many',
      'That were ten codes in a row that no agent has. Please wait ten minutes and try again.',
    )
  }
}
