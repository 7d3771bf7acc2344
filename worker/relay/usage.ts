/** What went through the relay: added up by day and viewer, and read for the admin. */
import { desc, eq, gte, lt, sql } from 'drizzle-orm'
import * as z from 'zod'
import { users } from '../auth/schema.ts'
import type { Db } from '../db.ts'
import type { Edge } from '../edge.ts'
import { readRelayLimits } from '../playback/relay-limits.ts'
import { relayUsage } from './schema.ts'

const DAY_SECONDS = 86_400
const SHOWN_DAYS = 30
const KEPT_DAYS = 90

export const RelayUsage = z.object({
  isOn: z.boolean(),
  /** Bytes a second; null: no limit. */
  householdLimit: z.int().nullable(),
  viewerLimit: z.int().nullable(),
  /** Newest first; only days on which something went through. UTC. */
  days: z.array(z.object({ day: z.string(), viewers: z.array(z.object({ displayName: z.string(), bytes: z.int() })) })),
})
export type RelayUsage = z.infer<typeof RelayUsage>

/** `2026-11-22`, by UTC. */
const dayOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString().slice(0, 10)

/** One row written. Whoever has been erased in the meantime is counted nowhere. */
export async function addUsage(db: Db, personId: string, bytes: number, now: number): Promise<void> {
  await db.run(sql`insert into relay_usage (day, person_id, bytes)
    select ${dayOf(now)}, id, ${bytes} from users where id = ${personId}
    on conflict (day, person_id) do update set bytes = relay_usage.bytes + excluded.bytes`)
}

export const forgetUsage = ({ db, now }: Edge) =>
  db.delete(relayUsage).where(lt(relayUsage.day, dayOf(now - KEPT_DAYS * DAY_SECONDS)))

export async function readUsage({ db, env, now }: Edge): Promise<RelayUsage> {
  const { household, viewer } = readRelayLimits(env)
  const rows = await db
    .select({ day: relayUsage.day, displayName: users.displayName, bytes: relayUsage.bytes })
    .from(relayUsage)
    .innerJoin(users, eq(users.id, relayUsage.personId))
    .where(gte(relayUsage.day, dayOf(now - SHOWN_DAYS * DAY_SECONDS)))
    .orderBy(desc(relayUsage.day), desc(relayUsage.bytes))
  const days = Map.groupBy(rows, ({ day }) => day)
  return {
    isOn: env.RELAY === 'on',
    householdLimit: household ?? null,
    viewerLimit: viewer ?? null,
    days: Array.from(days, ([day, all]) => ({
      day,
      viewers: all.map(({ displayName, bytes }) => ({ displayName, bytes })),
    })),
  }
}
