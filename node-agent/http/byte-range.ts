/** What a Range header asks of a file (RFC 9110 §14). Pure. */

export type SelectedRange =
  /** The whole file, as if there were no Range header. */
  | { kind: 'whole' }
  /** First and last byte (inclusive). */
  | { kind: 'part'; start: number; end: number }
  | { kind: 'unsatisfiable' }

/** A header longer than this is no player's. */
const LONGEST_HEADER = 2048

/**
 * Reads the header against a file of `sizeBytes`:
 *
 * - no header, another unit, or an empty file → the whole file (§14.2: an unknown unit MUST be ignored);
 * - one range → that part, its end cut at the end of the file (§14.1.2);
 * - several → the first that can be satisfied. §14.2 lets a server ignore several, but then who wants two small pieces
 *   of a film is sent 40 GB; §15.3.7 lets it send a part of what was asked, and Content-Range says which. No player
 *   asks for several; a multipart answer is code that only an attacker would run;
 * - a `bytes` header that is malformed, or one without a satisfiable range → 416. §14.2 allows to ignore or to reject
 *   the malformed; whoever wanted a part should not be sent a film.
 */
export function selectRange(header: string | undefined, sizeBytes: number): SelectedRange {
  const [unit, set] = splitOnce(header?.trim() ?? '', '=')
  // Unit names are case-insensitive (§14.1).
  if (set === undefined || unit.trim().toLowerCase() !== 'bytes' || sizeBytes === 0) return { kind: 'whole' }
  if (set.length > LONGEST_HEADER) return { kind: 'unsatisfiable' }
  // Empty list elements are to be skipped (§5.6.1.2).
  const specs = set.split(',').map((spec) => spec.trim())
  const ranges = specs.filter((spec) => spec !== '').map((spec) => readSpec(spec, sizeBytes))
  if (ranges.includes('malformed')) return { kind: 'unsatisfiable' }
  return ranges.find((range) => range !== 'malformed' && range !== undefined) ?? { kind: 'unsatisfiable' }
}

type Part = Extract<SelectedRange, { kind: 'part' }>

/** Undefined for a range that is well formed and holds no byte of the file. */
function readSpec(spec: string, sizeBytes: number): Part | undefined | 'malformed' {
  const match = /^(\d*)-(\d*)$/.exec(spec)
  const [, first = '', last = ''] = match ?? []
  if (!match || (first === '' && last === '')) return 'malformed'
  const lastByte = sizeBytes - 1
  if (first === '') {
    const suffix = Number(last)
    return suffix === 0 ? undefined : { kind: 'part', start: Math.max(0, sizeBytes - suffix), end: lastByte }
  }
  const [start, end] = [Number(first), last === '' ? lastByte : Number(last)]
  if (last !== '' && isLess(last, first)) return 'malformed'
  return start > lastByte ? undefined : { kind: 'part', start, end: Math.min(end, lastByte) }
}

/** Compares as text, because numbers beyond 2^53 come out equal. */
function isLess(a: string, b: string): boolean {
  const [left, right] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
  return left.length === right.length ? left < right : left.length < right.length
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
