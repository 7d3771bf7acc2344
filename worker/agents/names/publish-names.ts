/** An agent's names: published as it asks for them, and withdrawn when it is one of the household's no more. */
import { eq, sql } from 'drizzle-orm'
import type { NamesAnswer, NamesRequest } from '#protocol/agent-names.ts'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import { oneMore } from '../../counted-window.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { agentNames } from '../schema.ts'
import { agentLabel } from './agent-label.ts'
import { planRecords, wantedRecords } from './plan-records.ts'
import { changeRecords, listRecords, type Zone, zoneOf } from './zone.ts'

/** An order of a certificate takes three, a change of address one. */
export const MOST_ASKS = 30
export const ASKS_SECONDS = 3600

/** Below one label only, which is made of the agent's id. Throws `not_configured`, `too_many`, `upstream_away`. */
export async function publishNames(edge: Edge, agentId: string, wanted: NamesRequest): Promise<NamesAnswer> {
  const zone = zoneOf(edge)
  if (!zone) throw new AppError('not_configured', 'No zone is set up for names of agents. See DNS_ZONE_NAME.')
  await takeAsk(edge, agentId)
  const { name, changes } = await putRecords(edge, zone, agentId, wanted)
  if (changes > 0) {
    const details = { addresses: wanted.addresses.length, challenges: wanted.challenges.length }
    await writeEvent(edge.db, { kind: 'agent_named', subjectId: agentId, details }, edge)
  }
  return { name }
}

/** Takes the records of agents that were removed out of the zone: at once, and again by a task where that failed. */
export async function withdrawNames(edge: Edge): Promise<void> {
  const gone = await edge.db
    .select({ agentId: agentNames.agentId })
    .from(agentNames)
    .where(sql`not exists (select 1 from agents where id = ${agentNames.agentId})`)
    .limit(5)
  for (const { agentId } of gone) {
    const zone = zoneOf(edge)
    if (zone) await putRecords(edge, zone, agentId, { addresses: [], challenges: [] })
    await edge.db.delete(agentNames).where(eq(agentNames.agentId, agentId))
  }
}

/** The same, for whoever does not wait for it. */
export const withdrawNamesSoon = (edge: Edge): void =>
  edge.later(
    withdrawNames(edge).catch((error: unknown) =>
      log('warn', 'names_not_withdrawn', { correlationId: edge.correlationId, error }),
    ),
  )

async function putRecords(edge: Edge, zone: Zone, agentId: string, wanted: NamesRequest) {
  const name = `${await agentLabel(agentId)}.${zone.name}`
  const plan = planRecords(name, await listRecords(edge, zone, name), wantedRecords(name, wanted))
  const changes = plan.deletes.length + plan.posts.length
  if (changes > 0) await changeRecords(edge, zone, plan)
  return { name, changes }
}

/** Throws `too_many`, also to all but so many at once. */
async function takeAsk({ db, now }: Edge, agentId: string): Promise<void> {
  const { asks, startedAt } = agentNames
  const more = oneMore({ count: asks, startedAt, most: MOST_ASKS, seconds: ASKS_SECONDS }, now)
  const [taken] = await db
    .insert(agentNames)
    .values({ agentId, startedAt: now, asks: 1 })
    .onConflictDoUpdate({
      target: agentNames.agentId,
      set: { asks: more.count, startedAt: more.startedAt },
      setWhere: more.where,
    })
    .returning({ asks: agentNames.asks })
  if (!taken) throw new AppError('too_many', 'This agent changed its names very often. It may go on in an hour.')
}
