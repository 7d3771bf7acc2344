/** Conditional requests against one strong entity tag (RFC 9110 §13). Pure. Our files have no Last-Modified. */

type Headers = Readonly<Record<string, string | undefined>>

export type Precondition = 'go_on' | 'not_modified' | 'failed'

/** If-Match, then If-None-Match, in the order of §13.2.2. Conditions on dates are ignored: there is no date. */
export function checkPreconditions(headers: Headers, etag: string): Precondition {
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined && !matches(ifMatch, etag, 'strong')) return 'failed'
  const ifNoneMatch = headers['if-none-match']
  return ifNoneMatch !== undefined && matches(ifNoneMatch, etag, 'weak') ? 'not_modified' : 'go_on'
}

/** True when a Range header counts: without If-Range, or with exactly our tag (§13.1.5; a date never matches). */
export function rangeCounts(headers: Headers, etag: string): boolean {
  const ifRange = headers['if-range']?.trim()
  return ifRange === undefined || ifRange === etag
}

/** §8.8.3.2: a weak tag never matches strongly. */
function matches(list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some((tag) => (comparison === 'weak' ? tag.replace(/^W\//, '') : tag) === etag)
}
