/** Which agents have a source on their disks, asked of them: the film plays where it is, and the others fetch from there. */
import type { HoldsReply } from '#protocol/agent-requests.ts'
import { askAgent } from '../agents/ask-agent.ts'
import type { Edge } from '../edge.ts'
import type { Candidate } from './place-title.ts'

export type Holders = {
  infoHash: string
  wholeAt: ReadonlySet<string>
  /** Where the others among them listen for peers, for one that opens it. */
  neighboursOf: (agentId: string) => string[]
}

/** Whoever does not know by then is not waited for: the answer only makes a good choice better. */
const WAIT_SECONDS = 0.4

/** Undefined where there is nobody to choose between. */
export async function holdersOf(
  edge: Edge,
  infoHash: string,
  candidates: readonly Candidate[],
): Promise<Holders | undefined> {
  const online = candidates.flatMap((candidate) => (candidate.online ? [candidate] : []))
  if (online.length < 2) return undefined
  const asked = online.filter(({ capabilities }) => capabilities.alsoAnswers?.includes('holds'))
  const answers = await Promise.all(
    asked.map(async ({ agentId }) => ({ agentId, ...(await ask(edge, agentId, infoHash)) })),
  )
  const holding = answers.filter(({ isWhole }) => isWhole !== undefined)
  return {
    infoHash,
    wholeAt: new Set(holding.filter(({ isWhole }) => isWhole).map(({ agentId }) => agentId)),
    neighboursOf: (agentId) =>
      holding.flatMap((one) => (one.agentId === agentId ? [] : one.peerAddresses)).slice(0, 16),
  }
}

/** `isWhole` is undefined where nothing of it is there. */
async function ask(edge: Edge, agentId: string, infoHash: string) {
  const request = { kind: 'holds' as const, infoHashes: [infoHash] }
  const nothing: HoldsReply = { held: [], peerAddresses: [] }
  const { held, peerAddresses } = await askAgent(edge, agentId, request, { deadlineSeconds: WAIT_SECONDS }).catch(
    () => nothing,
  )
  return { isWhole: held.find((one) => one.infoHash === infoHash)?.isWhole, peerAddresses }
}
