/** The household's agents: list them, remove one, tell whether anybody is home. */
import { desc, eq } from 'drizzle-orm'
import * as z from 'zod'
import { keyFingerprint } from '#protocol/agent-proof.ts'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../audit/row-changed.ts'
import { writeEvent, writeEventWhen } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { version } from '../version.ts'
import type { AgentCard, Home } from './answers.ts'
import { hubOf, presenceOf } from './ask-agent.ts'
import type { Presence } from './hub-calls.ts'
import { isOlderVersion } from './is-older-version.ts'
import { withdrawNamesSoon } from './names/publish-names.ts'
import { agents } from './schema.ts'
import type { AgentMode } from './standing.ts'

const Addresses = z.array(z.string())

/** Addresses as told at the last connect, for when the agent is not here to ask. */
export const readAddresses = (json: string): string[] => Addresses.catch([]).parse(JSON.parse(json))

/** Newest first; presence from each agent's hub. */
export async function listAgents(edge: Edge): Promise<AgentCard[]> {
  const rows = await edge.db.select().from(agents).orderBy(desc(agents.pairedAt))
  const ids = rows.map((row) => row.id)
  const presence = await presenceOf(edge, ids)
  return Promise.all(
    rows.map(async (row) => {
      const now = presence.get(row.id)
      const addresses = now?.online ? now.capabilities.addresses : readAddresses(row.addresses)
      const { id, name, softwareVersion, pairedAt, lastSeenAt } = row
      const fingerprint = await keyFingerprint(row.publicKey)
      const vpn = now?.online ? now.capabilities.vpn : null
      const online = now?.online ?? false
      return {
        ...{ id, name, fingerprint, online, softwareVersion, addresses, pairedAt, lastSeenAt, vpn },
        certificate: now?.online ? (now.capabilities.certificate ?? null) : null,
        ffmpeg: now?.online ? now.capabilities.ffmpeg : null,
        mode: now?.mode ?? 'serving',
        isLeaving: now?.online ? (now.capabilities.isLeaving ?? false) : false,
        load: now?.online ? (now.capabilities.load ?? null) : null,
        problem: now?.problem ?? null,
        upgrade: upgradeOf(softwareVersion, now),
      }
    }),
  )
}

function upgradeOf(softwareVersion: string, now: Presence | undefined): AgentCard['upgrade'] {
  if (now?.problem === 'too_old') return 'needed'
  return (now?.online && now.isOld) || isOlderVersion(softwareVersion, version) ? 'there' : 'none'
}

/** What an admin wants of an agent: see AgentMode. Throws `not_found`. */
export async function setAgentMode(edge: Edge, agentId: string, personId: string, mode: AgentMode): Promise<void> {
  const [agent] = await edge.db.select({ id: agents.id }).from(agents).where(eq(agents.id, agentId))
  if (!agent) throw new AppError('not_found', 'There is no such agent. It may be removed already.')
  if (!(await hubOf(edge, agentId).setMode(mode, edge.correlationId))) return
  const event = { kind: 'agent_mode_changed', actorId: personId, subjectId: agentId, details: { mode } } as const
  await writeEvent(edge.db, event, edge)
}

/** The lamp: lit while any agent is connected. */
export async function isAnybodyHome(edge: Edge): Promise<Home> {
  const rows = await edge.db.select({ id: agents.id, lastSeenAt: agents.lastSeenAt }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map((row) => row.id),
  )
  const lastSeenAt = rows.reduce<number | null>((latest, row) => later(latest, row.lastSeenAt), null)
  return { lit: [...presence.values()].some((one) => one.online), lastSeenAt }
}

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

/**
 * Forgets an agent: its key opens nothing from here on. `beforeItGoes` runs while its socket is still open, which is
 * closed last. Throws `not_found`.
 */
export async function removeAgent(
  edge: Edge,
  agentId: string,
  personId: string,
  beforeItGoes: () => Promise<void>,
): Promise<void> {
  const { db } = edge
  const [removed] = await db.batch([
    db.delete(agents).where(eq(agents.id, agentId)).returning({ id: agents.id }),
    writeEventWhen(db, changed, { kind: 'agent_removed', actorId: personId, subjectId: agentId, details: {} }, edge),
  ])
  if (removed.length === 0) throw new AppError('not_found', 'There is no such agent. It may be removed already.')
  await beforeItGoes()
  await hubOf(edge, agentId).remove()
  withdrawNamesSoon(edge)
}
