/** Pure: which source of a title to try first, and why. */
import type { Source } from '../catalog/titles.ts'

export type SourceReason = 'asked_for' | 'offered_by_an_agent' | 'has_torrent_file' | 'has_magnet' | 'hash_alone'
export type RankedSource = { source: Source; reasons: SourceReason[] }

/** What each reason is worth; one asked for comes before all others, the rest only order what is left. */
const worth: Record<SourceReason, number> = {
  asked_for: 100,
  // An agent offers what it has or knows how to get.
  offered_by_an_agent: 10,
  // Metadata need not be fetched from peers first (BEP 9).
  has_torrent_file: 5,
  has_magnet: 2,
  hash_alone: 0,
}

/** Best first; equal ones in the order of their ids, so that everybody who plays a title starts the same download. */
export function rankSources(sources: readonly Source[], preferredSourceId?: string): RankedSource[] {
  const ranked = sources.map((source) => ({ source, reasons: reasonsOf(source, preferredSourceId) }))
  const score = ({ reasons }: RankedSource) => reasons.reduce((sum, reason) => sum + worth[reason], 0)
  return ranked.sort((a, b) => score(b) - score(a) || (a.source.id < b.source.id ? -1 : 1))
}

function reasonsOf(source: Source, preferredSourceId: string | undefined): SourceReason[] {
  const reach = source.torrentFile !== null ? 'has_torrent_file' : source.magnet !== null ? 'has_magnet' : 'hash_alone'
  return [
    ...(source.id === preferredSourceId ? (['asked_for'] as const) : []),
    ...(source.agentId !== null ? (['offered_by_an_agent'] as const) : []),
    reach,
  ]
}
