/** Pure: words for the way home that a film takes, and for what became of the others. */
import type { StreamUrl, Transport } from '#protocol/stream-url.ts'
import { speed } from '../../ui/time-format.ts'
import type { LocalVerdict } from '../transports/local-network.ts'
import type { WayReason, WayState } from '../transports/way-state.ts'

const names: Record<Transport, string> = {
  direct: 'Direct, home to this screen',
  p2p: 'Peer to peer, home to this screen',
  relay: 'Detour through the edge',
}
const shortNames: Record<Transport, string> = { direct: 'direct', p2p: 'peer to peer', relay: 'detour' }
const reasons: Record<WayReason, string> = {
  chosen: 'the best that answered',
  broke: 'another way broke off',
  slow: 'another way was too slow for this film',
  better: 'it answers again',
}
const outcomes = { silent: 'no answer', refused: 'refused' } as const

/** Which box sends the film, and whether another could go on with it. */
export function homeWords(stream: { agentName?: string | undefined; otherAgents?: number | undefined } | undefined) {
  if (!stream?.agentName) return '…'
  const { agentName, otherAgents = 0 } = stream
  if (otherAgents === 0) return agentName
  return `${agentName} (${otherAgents === 1 ? 'one other' : `${otherAgents} others`} could go on with it)`
}

/** Which way, and why; how often it has changed, once it has. */
export function wayWords({ transport, reason, changes }: WayState): string {
  if (!transport) return 'none yet'
  const often = changes === 0 ? '' : `; changed ${changes === 1 ? 'once' : `${changes} times`}`
  return `${names[transport]} (${reasons[reason]}${often})`
}

/** How each way answered when it was asked last. */
export function triedWords({ tried }: WayState): string {
  if (tried.length === 0) return 'none yet'
  return tried
    .map(({ transport, outcome, afterMs }) => {
      const said = outcome === 'answers' ? `${Math.max(1, Math.round(afterMs))} ms` : outcomes[outcome]
      return `${shortNames[transport]} ${said}`
    })
    .join(', ')
}

/** Why the direct way was not asked, where this page may not look into the local network; undefined where it may. */
export function leftOutWords(urls: readonly StreamUrl[], verdict: (url: string) => LocalVerdict): string | undefined {
  const verdicts = urls.filter(({ transport }) => transport === 'direct').map(({ url }) => verdict(url))
  if (verdicts.length === 0 || verdicts.includes('go')) return undefined
  return verdicts.includes('explain')
    ? 'direct: the browser has not been asked yet whether it may look into your network'
    : 'direct: this browser may not look into your network'
}

export const spareWords = ({ spare }: WayState): string => (spare ? shortNames[spare] : 'none')

/** Why the way may be slow, where the operator limits it; empty where nothing does. */
export function limitOfWay({ transport }: WayState, urls: readonly StreamUrl[]): string {
  const limit = urls.find((one) => one.transport === transport)?.bytesPerSecond
  return limit === undefined
    ? ''
    : `. At most ${speed(limit)} go this way here: a lower quality helps, or your home network`
}
