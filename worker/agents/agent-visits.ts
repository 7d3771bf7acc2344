/** What D1 is told of an agent's comings and goings: one write on connect, one on disconnect, none in between. */
import { eq } from 'drizzle-orm'
import type { Capabilities } from '#protocol/capabilities.ts'
import { newCorrelationId } from '#protocol/correlation.ts'
import type { ErrorCode } from '#protocol/errors.ts'
import { writeEvent } from '../audit/write-event.ts'
import { openDb } from '../db.ts'
import { agents } from './schema.ts'

const nowSeconds = (): number => Math.floor(Date.now() / 1000)
const circumstances = () => ({ correlationId: newCorrelationId(), nowMs: Date.now() })

/** False when the agent is no longer one of the household's. */
export async function recordConnect(
  database: D1Database,
  agentId: string,
  { softwareVersion, addresses }: Capabilities,
): Promise<boolean> {
  const known = await openDb(database)
    .update(agents)
    .set({ lastSeenAt: nowSeconds(), softwareVersion, addresses: JSON.stringify(addresses) })
    .where(eq(agents.id, agentId))
  return known.meta.changes === 1
}

export async function recordDisconnect(database: D1Database, agentId: string): Promise<void> {
  await openDb(database).update(agents).set({ lastSeenAt: nowSeconds() }).where(eq(agents.id, agentId))
}

export async function recordRefusal(database: D1Database, agentId: string, code: ErrorCode): Promise<void> {
  const event = { kind: 'agent_refused', subjectId: agentId, details: { reason: code } } as const
  await writeEvent(openDb(database), event, circumstances())
}

export async function recordReplacement(database: D1Database, agentId: string): Promise<void> {
  await writeEvent(openDb(database), { kind: 'agent_replaced', subjectId: agentId, details: {} }, circumstances())
}
