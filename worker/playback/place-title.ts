/** Pure: which agent plays a title. The same one each time while the same agents are there (rendezvous hashing). */
import type { Capabilities } from '#protocol/capabilities.ts'
import type { AgentMode } from '../agents/standing.ts'

export type Candidate =
  | { agentId: string; online: false }
  | { agentId: string; online: true; capabilities: Capabilities; mode?: AgentMode }
export type Placement = {
  /** Agents that may play, best first; those that wait for their VPN come last, and play only what is whole at home. */
  order: string[]
  waitForVpn: string[]
  /** `resting`: an admin drains it or looks after it, or it is about to stop. */
  refused: { agentId: string; reason: 'agent_offline' | 'full' | 'resting' }[]
}

/** What is known of this viewer and of this title's source. */
export type PlaceFor = {
  /** Agents that have all of it on their disk: they come first. */
  wholeAt?: ReadonlySet<string> | undefined
  /** Agents that were asked and have not answered: they come last. */
  silent?: ReadonlySet<string> | undefined
  /** Bytes per second from an agent to this viewer, as their player has measured. */
  speeds?: ReadonlyMap<string, number>
  /** It plays the stream already: there is room for that, and when it rests it is the last choice. */
  current?: string | undefined
}

/** More carries any film there is: who is faster still is not better. 100 Mbit/s. */
const ENOUGH_BYTES_PER_SECOND = 12.5e6
/** A slow line may be slow by chance: it is chosen seldom, not never. */
const LEAST_SHARE = 0.05
/** Of one that makes as many films as it can: what need not be made plays there all the same. */
const SHARE_WHILE_MAKING = 0.25

/**
 * Weighted rendezvous hashing (Schindelhauer & Schomaker 2005, the logarithmic method): each agent's score is
 * -weight / ln(hash of title and agent), so that each has its weight's share of the titles, only the titles of one
 * that leaves move, and a weight that falls moves titles only away from it. Two people who play one title share one
 * download.
 */
export function placeTitle(titleId: string, candidates: readonly Candidate[], about: PlaceFor = {}): Placement {
  const judged = candidates.map((candidate) => ({ candidate, reason: refusalOf(candidate, about) }))
  const placed = judged
    .filter(({ reason }) => reason === undefined)
    .map(({ candidate }) => ({
      agentId: candidate.agentId,
      tier: tierOf(candidate, about),
      isHeldBack: isHeldBack(candidate),
      score: -weightOf(candidate, about) / Math.log(unitHash(`${titleId}\n${candidate.agentId}`)),
    }))
    .sort((a, b) => a.tier - b.tier || b.score - a.score || (a.agentId < b.agentId ? -1 : 1))
  return {
    order: placed.map(({ agentId }) => agentId),
    waitForVpn: placed.filter((one) => one.isHeldBack).map(({ agentId }) => agentId),
    refused: judged.flatMap(({ candidate: { agentId }, reason }) => (reason ? [{ agentId, reason }] : [])),
  }
}

function refusalOf(candidate: Candidate, { current }: PlaceFor): Placement['refused'][number]['reason'] | undefined {
  if (!candidate.online) return 'agent_offline'
  if (candidate.agentId === current) return undefined
  if (isResting(candidate)) return 'resting'
  const { load } = candidate.capabilities
  return load && load.streams >= load.mostStreams ? 'full' : undefined
}

const isResting = (candidate: Candidate): boolean =>
  candidate.online && ((candidate.mode ?? 'serving') !== 'serving' || candidate.capabilities.isLeaving === true)

function tierOf(candidate: Candidate, { wholeAt, silent }: PlaceFor): number {
  if (silent?.has(candidate.agentId)) return 4
  if (isResting(candidate)) return 3
  if (wholeAt?.has(candidate.agentId)) return 0
  return isHeldBack(candidate) ? 2 : 1
}

/** Unknown is not up. Only the agent knows which films are whole on its disk, and it refuses the rest by itself. */
function isHeldBack(candidate: Candidate): boolean {
  if (!candidate.online) return false
  const { policy, state } = candidate.capabilities.vpn
  return policy === 'required' && state !== 'up'
}

function weightOf(candidate: Candidate, { speeds }: PlaceFor): number {
  const speed = speeds?.get(candidate.agentId)
  const share = speed === undefined ? 1 : Math.min(1, Math.max(LEAST_SHARE, speed / ENOUGH_BYTES_PER_SECOND))
  const load = candidate.online ? candidate.capabilities.load : undefined
  const makesAllItCan = load !== undefined && load.mostMakings > 0 && load.makings >= load.mostMakings
  return makesAllItCan ? share * SHARE_WHILE_MAKING : share
}

/** In (0, 1): FNV-1a with MurmurHash3's finaliser, 32 well-mixed bits; nobody gains by choosing where a title plays. */
function unitHash(text: string): number {
  let h = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (((h ^ (h >>> 16)) >>> 0) + 0.5) / 2 ** 32
}
