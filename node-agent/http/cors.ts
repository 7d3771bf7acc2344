/** Which pages may read what this agent answers: those of the one app that the edge named. Pure. */

type Headers = Readonly<Record<string, string | undefined>>

/** Response headers that a page may read beyond the safelisted ones (Fetch §3.2.4). */
const exposed = 'accept-ranges, content-length, content-range, etag, x-correlation-id'
const allowed = 'range, if-range, if-none-match, x-correlation-id'
/** How long a browser may remember a preflight, in seconds. */
const PREFLIGHT_SECONDS = 600

/** Headers for any response. Without a match there is no permission in them, and a browser keeps the body back. */
export function corsHeaders(headers: Headers, appOrigin: string | undefined): Record<string, string> {
  const vary = { vary: 'origin' }
  if (headers.origin === undefined || headers.origin !== appOrigin) return vary
  return { ...vary, 'access-control-allow-origin': appOrigin, 'access-control-expose-headers': exposed }
}

/** A preflight's answer, or undefined when the page may not ask. */
export function preflightHeaders(headers: Headers, appOrigin: string | undefined): Record<string, string> | undefined {
  if (headers.origin === undefined || headers.origin !== appOrigin) return undefined
  return {
    'access-control-allow-origin': appOrigin,
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': allowed,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
    // Private Network Access, as far as browsers ever shipped it; a public page asks before it reaches a private address.
    ...(headers['access-control-request-private-network'] === 'true'
      ? { 'access-control-allow-private-network': 'true' }
      : {}),
    vary: 'origin, access-control-request-private-network',
  }
}
