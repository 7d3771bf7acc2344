/** Pure: what the parts of a dry run come to, a line for each kind of thing. */
import type { PreviewPart } from '../../library-api.ts'
import { plural } from '../../ui/time-format.ts'

export type PreviewLine = { kind: string; name: string; text: string }

type Counts = PreviewPart['counts']
type Kind = Exclude<PreviewPart['kind'], 'ours'>

const kinds: [kind: Kind, name: string, one: string, many: string][] = [
  ['history', 'Watched', 'viewing', 'viewings'],
  ['playback', 'Half watched', 'place', 'places'],
  ['ratings', 'Ratings', 'rating', 'ratings'],
  ['watchlist', 'Watchlist', 'title', 'titles'],
  ['collection', 'Collection', 'title', 'titles'],
  ['lists', 'Your lists', 'title', 'titles'],
]

const none: Counts = { same: 0, added: 0, changed: 0, removed: 0, sent: 0, unknown: 0 }

function sumOf(parts: readonly PreviewPart[], kind: PreviewPart['kind']): Counts {
  const sum = { ...none }
  for (const part of parts) {
    if (part.kind !== kind) continue
    for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += part.counts[name]
  }
  return sum
}

/** A line for each kind that was looked at so far. */
export function previewLines(parts: readonly PreviewPart[]): PreviewLine[] {
  const seen = new Set(parts.map(({ kind }) => kind))
  return kinds.flatMap(([kind, name, one, many]) => {
    if (!seen.has(kind)) return []
    const sum = sumOf(parts, kind)
    // Of all that was watched here, what was found there needs no telling.
    if (kind === 'history') sum.sent = Math.max(0, sumOf(parts, 'ours').sent - sum.same)
    return [{ kind, name, text: textOf(sum, one, many) }]
  })
}

function textOf({ added, changed, sent, same, unknown }: Counts, one: string, many: string): string {
  const said = [
    ...(added > 0 ? [`${plural(added, one, many)} come${added === 1 ? 's' : ''} here`] : []),
    ...(changed > 0 ? [`${changed} ${changed === 1 ? 'is' : 'are'} newer there`] : []),
    ...(sent > 0 ? [`${sent} go${sent === 1 ? 'es' : ''} to Trakt`] : []),
    ...(same > 0 ? [`${same} ${same === 1 ? 'is' : 'are'} alike`] : []),
    ...(unknown > 0 ? [`${plural(unknown, 'title')} new to this catalog`] : []),
  ]
  return said.length > 0 ? said.join(', ') : 'nothing on either side'
}

/** Whether an import would change anything at all. */
export const isAnyChange = (parts: readonly PreviewPart[]): boolean =>
  parts.some(({ kind, counts }) => kind !== 'ours' && counts.added + counts.changed + counts.sent > 0) ||
  sumOf(parts, 'ours').sent > sumOf(parts, 'history').same
