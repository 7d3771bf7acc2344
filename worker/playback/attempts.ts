/** Pure: the order in which sources are tried on agents, and what one failure says of the rest. */
import type { ErrorCode } from '#protocol/errors.ts'
import type { Source } from '../catalog/titles.ts'

export type Attempt = { agentId: string; source: Source }
/** A pair that failed this stream before; `at` is epoch seconds. */
export type Failure = { agentId: string; sourceId: string; at: number }

const nowhere: ReadonlySet<string> = new Set()

/** More would only make a person wait. */
const MOST_ATTEMPTS = 6

/**
 * Source by source, best first, each on the agent that offered it before the others. Pairs that have failed this
 * stream come last, the longest ago first, so that a move does not go back and forth between two dead ends. The
 * sources of `onOneAgent`, by id, are files of their agent's own, which no other is asked for.
 */
export function planAttempts(
  sources: readonly Source[],
  agentIds: readonly string[],
  failures: readonly Failure[] = [],
  onOneAgent: ReadonlySet<string> = nowhere,
): Attempt[] {
  const all = sources.flatMap((source) =>
    agentIds
      .filter((agentId) => agentId === source.agentId || !onOneAgent.has(source.id))
      .sort((a, b) => Number(b === source.agentId) - Number(a === source.agentId))
      .map((agentId) => ({ agentId, source })),
  )
  const failedAt = ({ agentId, source }: Attempt) =>
    Math.max(0, ...failures.filter((f) => f.agentId === agentId && f.sourceId === source.id).map((f) => f.at))
  return all.sort((a, b) => failedAt(a) - failedAt(b)).slice(0, MOST_ATTEMPTS)
}

const endsAgent = new Set<ErrorCode>(['agent_offline', 'agent_replaced', 'busy', 'vpn_down', 'disk_full'])
const endsSource = new Set<ErrorCode>(['no_playable_file'])

/** What is still worth trying: some refusals are the agent's whatever the source, some the source's on any agent. */
export const worthTrying = (rest: readonly Attempt[], failed: Attempt, code: ErrorCode): Attempt[] =>
  rest.filter(
    ({ agentId, source }) =>
      !(endsAgent.has(code) && agentId === failed.agentId) && !(endsSource.has(code) && source.id === failed.source.id),
  )
