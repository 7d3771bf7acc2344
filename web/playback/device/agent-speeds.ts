/** How fast each agent of the household has been for this browser lately: told with the next film, to place it well. */
import * as z from 'zod'
import { type Line, learnLine, type Transfer } from './line-speed.ts'

const KEY = 'porchlight.agents'
const GOOD_FOR_MS = 12 * 3600 * 1000
const MOST_AGENTS = 8

const Known = z.array(
  z.object({ agentId: z.string().max(64), bytesPerSecond: z.number().positive(), atMs: z.number() }),
)
type Known = z.infer<typeof Known>

/** Pure: what is known after one more transfer from an agent, the agents used last first. */
export function learnSpeed(known: Known, agentId: string, transfer: Transfer): Known {
  const before: Line | undefined = known.find((one) => one.agentId === agentId)
  const line = learnLine(before, transfer)
  if (!line || line === before) return known
  return [{ agentId, ...line }, ...known.filter((one) => one.agentId !== agentId)].slice(0, MOST_AGENTS)
}

let playing: string | undefined

/** Which agent the film comes from now. */
export function playsFrom(agentId: string | undefined): void {
  playing = agentId
}

export function noteSpeed(transfer: Transfer): void {
  if (playing === undefined) return
  try {
    localStorage.setItem(KEY, JSON.stringify(learnSpeed(read(), playing, transfer)))
  } catch {
    // Full or forbidden: the next film is placed without.
  }
}

/** Those measured lately. */
export const knownSpeeds = (nowMs: number): { agentId: string; bytesPerSecond: number }[] =>
  read()
    .filter(({ atMs }) => nowMs - atMs <= GOOD_FOR_MS)
    .map(({ agentId, bytesPerSecond }) => ({ agentId, bytesPerSecond }))

function read(): Known {
  try {
    return Known.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
  } catch {
    return []
  }
}
