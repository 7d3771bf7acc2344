/** Pure: which agent plays a title. The same one each time while the same agents are there (rendezvous hashing). */
import type { Capabilities } from '#protocol/agent-messages.ts'

export type Candidate =
  | { agentId: string; online: false }
  | { agentId: string; online: true; capabilities: Capabilities }
export type Placement = {
  /** Agents that may play, best first; those that wait for their VPN come last, and play only what is whole at home. */
  order: string[]
  waitForVpn: string[]
  refused: { agentId: string; reason: 'agent_offline' }[]
}

/**
 * Highest random weight (Thaler & Ravishankar 1998): each agent's weight depends on it and the title alone, so when
 * one comes or goes only the titles it has move, and two people who play one title share one download.
 */
export function placeTitle(titleId: string, candidates: readonly Candidate[]): Placement {
  const refused = candidates.flatMap(({ agentId, online }) =>
    online ? [] : [{ agentId, reason: 'agent_offline' as const }],
  )
  const placed = candidates
    .filter(({ online }) => online)
    .map((candidate) => ({ agentId: candidate.agentId, isHeldBack: isHeldBack(candidate) }))
    .map((one) => ({ ...one, weight: hash(`${titleId}\n${one.agentId}`) }))
    .sort(
      (a, b) => Number(a.isHeldBack) - Number(b.isHeldBack) || b.weight - a.weight || (a.agentId < b.agentId ? -1 : 1),
    )
  return {
    order: placed.map(({ agentId }) => agentId),
    waitForVpn: placed.filter((one) => one.isHeldBack).map(({ agentId }) => agentId),
    refused,
  }
}

/** Unknown is not up. Only the agent knows which films are whole on its disk, and it refuses the rest by itself. */
function isHeldBack(candidate: Candidate): boolean {
  if (!candidate.online) return false
  const { policy, state } = candidate.capabilities.vpn
  return policy === 'required' && state !== 'up'
}

/** FNV-1a with MurmurHash3's finaliser: 32 well-mixed bits; nobody gains by choosing where a title plays. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
