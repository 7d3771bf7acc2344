/** Pure: the headers with which an agent's answer leaves the edge. It leaves from the app's own origin: trust nothing. */
import { CORRELATION_HEADER } from '#protocol/correlation.ts'
import type { RelayHead } from '#protocol/relay.ts'
import { securityHeaders } from '../security-headers.ts'

const passed = ['content-range', 'accept-ranges', 'etag', 'last-modified', 'cache-control', 'retry-after']

/** What a player can use. Anything else, a page above all, becomes bytes that a browser will not run. */
const mediaType =
  /^(?:(?:video|audio)\/[\w.+-]+|image\/(?:jpeg|png|webp)|text\/(?:event-stream|vtt)|application\/(?:json|octet-stream|vnd\.apple\.mpegurl))(?:;.{0,80})?$/

/** Cookies, policies and redirects of an agent are not ours to hand on: only this list leaves. */
export function answerHeaders(head: RelayHead, correlationId: string): Headers {
  const given = new Headers(head.headers)
  const headers = new Headers({ 'cache-control': 'private, no-store', ...securityHeaders })
  for (const name of passed) {
    const value = given.get(name)
    if (value !== null) headers.set(name, value)
  }
  const type = given.get('content-type') ?? ''
  headers.set('content-type', mediaType.test(type) ? type : 'application/octet-stream')
  headers.set('content-security-policy', "default-src 'none'; sandbox")
  headers.set(CORRELATION_HEADER, correlationId)
  return headers
}
