/** Pure: which agent plays a title. The same one each time while the same agents are there (rendezvous hashing). */
import type { Capabilities } from '#protocol/agent-messages.ts'

export type Candidate =
  | { agentId: string; online: false }
  | { agentId: string; online: true; capabilities: Capabilities }
export type Placement = {
  /** Agents that may play, best first. */
  order: string[]
  refused: { agentId: string; reason: 'agent_offline' | 'vpn_down' }[]
}

/**
 * Highest random weight (Thaler & Ravishankar 1998): each agent's weight depends on it and the title alone, so when
 * one comes or goes only the titles it has move, and two people who play one title share one download.
 */
export function placeTitle(titleId: string, candidates: readonly Candidate[]): Placement {
  const refused = candidates.flatMap((candidate) => {
    const reason = refusalOf(candidate)
    return reason ? [{ agentId: candidate.agentId, reason }] : []
  })
  const out = new Set(refused.map(({ agentId }) => agentId))
  const order = candidates
    .filter(({ agentId }) => !out.has(agentId))
    .map(({ agentId }) => ({ agentId, weight: hash(`${titleId}\n${agentId}`) }))
    .sort((a, b) => b.weight - a.weight || (a.agentId < b.agentId ? -1 : 1))
    .map(({ agentId }) => agentId)
  return { order, refused }
}

function refusalOf(candidate: Candidate): 'agent_offline' | 'vpn_down' | undefined {
  if (!candidate.online) return 'agent_offline'
  const { policy, state } = candidate.capabilities.vpn
  // Unknown is not up: nothing starts on an agent whose policy cannot be shown to hold.
  return policy === 'required' && state !== 'up' ? 'vpn_down' : undefined
}

/** FNV-1a with MurmurHash3's finaliser: 32 well-mixed bits; nobody gains by choosing where a title plays. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
