/** What the name of a source says that the operator added: read by an agent, which knows how releases are named. */
import type { AgentReply } from '#protocol/agent-requests.ts'
import { toErrorData } from '#protocol/errors.ts'
import { askAgent, presenceOf } from '../../agents/ask-agent.ts'
import { agents } from '../../agents/schema.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { wishOf } from '../found/wish-of.ts'
import type { OwnSource } from './read-source.ts'

const DEADLINE_SECONDS = 5

/** Nothing where there is no name, or no agent at home that could read it: it plays all the same. */
export async function readOwnRelease(
  edge: Edge,
  titleId: string,
  { name, sizeBytes }: OwnSource,
): Promise<AgentReply<'read-release'>> {
  const wish = name === undefined ? undefined : await wishOf(edge.db, titleId)
  const agentId = wish && (await agentThatReads(edge))
  if (name === undefined || !wish || agentId === undefined) return { doubts: [] }
  try {
    const request = { kind: 'read-release' as const, wish, name, ...(sizeBytes === undefined ? {} : { sizeBytes }) }
    return await askAgent(edge, agentId, request, { deadlineSeconds: DEADLINE_SECONDS })
  } catch (error) {
    log('info', 'release_not_read', { correlationId: edge.correlationId, agentId, code: toErrorData(error).code })
    return { doubts: [] }
  }
}

async function agentThatReads(edge: Edge): Promise<string | undefined> {
  const rows = await edge.db.select({ id: agents.id }).from(agents)
  const presence = await presenceOf(
    edge,
    rows.map(({ id }) => id),
  )
  return [...presence].find(([, one]) => one.online && one.capabilities.alsoAnswers?.includes('read-release'))?.[0]
}
