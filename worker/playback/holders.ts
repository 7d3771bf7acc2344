/** Which agents have a source on their disks, asked of them: the film plays where it is, and the others fetch from there. */
import type { HoldsReply } from '#protocol/agent-requests.ts'
import type { Capabilities } from '#protocol/capabilities.ts'
import { toErrorData } from '#protocol/errors.ts'
import { askAgent } from '../agents/ask-agent.ts'
import type { Edge } from '../edge.ts'
import type { Candidate } from './place-title.ts'

export type Holders = {
  infoHash: string
  wholeAt: ReadonlySet<string>
  /** Did not say in time: perhaps their line is cut, and their hub does not know yet. */
  silent: ReadonlySet<string>
  /** Where the others among them listen for peers, for one that opens it. */
  neighboursOf: (agentId: string) => string[]
  /** Has them ready for one that opens it: what nobody watches where it is held is not in the swarm. Never rejects. */
  lendTo: (agentId: string) => Promise<void>
}

/** Whoever does not know by then is not waited for: the answer only makes a good choice better. */
const WAIT_SECONDS = 0.4
/** Nobody waits for it: who calls in vain calls again. */
const LEND_SECONDS = 5

/** Undefined where there is nobody to choose between. */
export async function holdersOf(
  edge: Edge,
  infoHash: string,
  candidates: readonly Candidate[],
): Promise<Holders | undefined> {
  const online = candidates.flatMap((candidate) => (candidate.online ? [candidate] : []))
  if (online.length < 2) return undefined
  const answers = await Promise.all(
    online.filter(saysWhatItHolds).map(async ({ agentId, capabilities }) => {
      const { held, peerAddresses, isSilent } = await ask(edge, agentId, [infoHash])
      const isWhole = held.find((one) => one.infoHash === infoHash)?.isWhole
      return { agentId, peerAddresses, isSilent, isWhole, lends: capabilities.alsoAnswers?.includes('lend') === true }
    }),
  )
  // Undefined where nothing of it is there.
  const holding = answers.filter(({ isWhole }) => isWhole !== undefined)
  const wholeAt = new Set(holding.filter(({ isWhole }) => isWhole).map(({ agentId }) => agentId))
  return {
    infoHash,
    wholeAt,
    silent: new Set(answers.filter(({ isSilent }) => isSilent).map(({ agentId }) => agentId)),
    neighboursOf: (agentId) =>
      holding.flatMap((one) => (one.agentId === agentId ? [] : one.peerAddresses)).slice(0, 16),
    async lendTo(agentId) {
      const to = answers.find((one) => one.agentId === agentId)?.peerAddresses ?? []
      if (to.length === 0 || wholeAt.has(agentId)) return
      const lenders = holding.filter((one) => one.lends && one.agentId !== agentId && one.peerAddresses.length > 0)
      const request = { kind: 'lend' as const, infoHash, to }
      await Promise.all(
        lenders.map((one) => askAgent(edge, one.agentId, request, { deadlineSeconds: LEND_SECONDS }).catch(() => {})),
      )
    },
  }
}

/** As `HoldsRequest` takes them. */
const MOST_HASHES = 20
/** Of one title; nobody keeps more copies of it. */
const MOST_QUESTIONS = 3

/** Those of these torrents of which all lies on the disk of one of these agents. */
export async function wholeAtHome(
  edge: Edge,
  online: readonly (Capable & { agentId: string })[],
  infoHashes: readonly string[],
): Promise<ReadonlySet<string>> {
  const parts = Array.from({ length: MOST_QUESTIONS }, (_, part) =>
    infoHashes.slice(part * MOST_HASHES, (part + 1) * MOST_HASHES),
  ).filter((part) => part.length > 0)
  const answers = await Promise.all(
    online.filter(saysWhatItHolds).flatMap(({ agentId }) => parts.map((part) => ask(edge, agentId, part))),
  )
  const whole = answers.flatMap(({ held }) => held.filter(({ isWhole }) => isWhole))
  return new Set(whole.map(({ infoHash }) => infoHash))
}

type Capable = { capabilities: Pick<Capabilities, 'alsoAnswers'> }
const saysWhatItHolds = ({ capabilities }: Capable) => capabilities.alsoAnswers?.includes('holds') === true

function ask(edge: Edge, agentId: string, infoHashes: string[]): Promise<HoldsReply & { isSilent: boolean }> {
  const request = { kind: 'holds' as const, infoHashes }
  const nothing: HoldsReply = { held: [], peerAddresses: [] }
  return askAgent(edge, agentId, request, { deadlineSeconds: WAIT_SECONDS }).then(
    (reply) => ({ ...reply, isSilent: false }),
    (error: unknown) => ({ ...nothing, isSilent: toErrorData(error).code === 'timed_out' }),
  )
}
