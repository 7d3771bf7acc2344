/** Pure: what several providers told of one torrent, as one source. */
import type { FoundSource, Provenance } from '#protocol/source-search.ts'

/** Most trackers, web seeds and tellers that are kept of one source. */
const MOST_HINTS = 40
const MOST_TELLERS = 16
const MAGNET_CHARACTERS = 8000

/** Words are of the first, which whoever merges holds for the better one; what it does not know is the other's. */
export function mergeFound(better: FoundSource, other: FoundSource): FoundSource {
  const { infoHash } = better.source
  const magnet = mergeMagnets(infoHash, better.source.magnet, other.source.magnet)
  const torrentFile = better.source.torrentFile ?? other.source.torrentFile
  return {
    ...other,
    ...better,
    source: {
      infoHash,
      ...(magnet === undefined ? {} : { magnet }),
      ...(torrentFile === undefined ? {} : { torrentFile }),
    },
    ...most('seeders', better, other),
    ...most('leechers', better, other),
    provenance: mergeProvenance(better.provenance, other.provenance),
  }
}

/** Each counts its own trackers: the largest number is the least wrong. */
function most(field: 'seeders' | 'leechers', one: FoundSource, other: FoundSource): Partial<FoundSource> {
  const counted = [one[field], other[field]].filter((count) => count !== undefined)
  return counted.length === 0 ? {} : { [field]: Math.max(...counted) }
}

/** Every teller once, with the last time it told. */
export function mergeProvenance(one: readonly Provenance[], other: readonly Provenance[]): Provenance[] {
  const seen = new Map<string, number>()
  for (const { provider, seenAt } of [...one, ...other]) seen.set(provider, Math.max(seen.get(provider) ?? 0, seenAt))
  return [...seen].map(([provider, seenAt]) => ({ provider, seenAt })).slice(0, MOST_TELLERS)
}

/** One magnet with the trackers, seeds and peers of both (BEP 9). */
function mergeMagnets(infoHash: string, ...magnets: (string | undefined)[]): string | undefined {
  const known = magnets.filter((magnet) => magnet !== undefined)
  const hints = known.flatMap((magnet) =>
    [...new URLSearchParams(magnet.slice('magnet:?'.length))].filter(([key]) => /^(tr|ws|x\.pe|xs)(\.\d+)?$/.test(key)),
  )
  const parts = new Set(hints.map(([key, value]) => `${key.replace(/\.\d+$/, '')}=${encodeURIComponent(value)}`))
  if (known.length === 0) return undefined
  let merged = `magnet:?xt=urn:btih:${infoHash}`
  for (const part of [...parts].slice(0, MOST_HINTS)) {
    if (merged.length + part.length < MAGNET_CHARACTERS) merged += `&${part}`
  }
  return merged
}
