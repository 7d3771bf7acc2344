/** The door to Trakt's API: one request, and what its answer means for whoever asked, as data. */
import { USER_AGENT } from '../../auth/ways/upstream-json.ts'
import type { WaySettings } from '../../auth/ways/way-settings.ts'
import { retryAfterSeconds } from '../../catalog/upstream/breaker.ts'
import { readBoundedText } from '../../read-bounded.ts'
import { isTraktUp, noteTrakt } from './trakt-health.ts'

const TIMEOUT_MS = 8000
const BODY_BYTES = 4 * 1024 * 1024
/** Asked to wait longer than this, we ask again anyway: nothing of Trakt's own limits lasts as long. */
const LONGEST_WAIT_SECONDS = 3600

export type TraktSite = { origin: string; clientId: string; secret: string; fetch: typeof fetch; timeoutMs: number }

/** Undefined where the operator set up no Trakt. */
export function traktSite(env: WaySettings): TraktSite | undefined {
  const { TRAKT_CLIENT_ID: clientId, TRAKT_CLIENT_SECRET: secret } = env
  if (!clientId || !secret) return undefined
  const origin = env.TRAKT_URL || 'https://api.trakt.tv'
  return { origin, clientId, secret, fetch: (url, init) => fetch(url, init), timeoutMs: TIMEOUT_MS }
}

export type TraktCall = { method?: 'GET' | 'POST'; path: string; body?: object; token?: string }

/**
 * `later`: it is Trakt's trouble, or we asked too often; the same call may work then. `signed_out`: the token is not
 * good (any more). `refused`: it will never work, whoever asks again.
 */
export type TraktOutcome =
  | { kind: 'ok'; body: unknown; pageCount: number | null; itemCount: number | null }
  | { kind: 'later'; afterSeconds: number | null; cause: unknown }
  | { kind: 'signed_out' }
  | { kind: 'refused'; status: number }

/** Never throws. `nowMs` is for dates in Retry-After and for the rest after failures. */
export async function askTrakt(site: TraktSite, call: TraktCall, nowMs: number): Promise<TraktOutcome> {
  if (!isTraktUp(site.origin, nowMs)) return { kind: 'later', afterSeconds: null, cause: new TypeError('Trakt rests') }
  const outcome = await askOnce(site, call, nowMs).catch(
    (cause: unknown): TraktOutcome => ({ kind: 'later', afterSeconds: null, cause }),
  )
  noteTrakt(site.origin, outcome.kind !== 'later' || outcome.afterSeconds !== null, nowMs)
  return outcome
}

async function askOnce(site: TraktSite, call: TraktCall, nowMs: number): Promise<TraktOutcome> {
  const { method = call.body ? 'POST' : 'GET', path, body, token } = call
  const response = await site.fetch(`${site.origin}${path}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(site.timeoutMs),
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      'trakt-api-version': '2',
      'trakt-api-key': site.clientId,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  // Read in any case: a body left unread keeps the connection.
  const text = await readBoundedText(response, BODY_BYTES)
  const { status, headers } = response
  if (status === 429) {
    return { kind: 'later', afterSeconds: waitOf(headers.get('retry-after'), nowMs), cause: status }
  }
  // 409 to a scrobble: it was counted already, which is what was wanted.
  if (status === 409) return { kind: 'ok', body: undefined, pageCount: null, itemCount: null }
  if (status === 401) return { kind: 'signed_out' }
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', status }
  if (status < 200 || status >= 300) return { kind: 'later', afterSeconds: null, cause: status }
  return {
    kind: 'ok',
    // Half of a JSON throws, and is asked for again.
    body: text === '' ? undefined : JSON.parse(text),
    pageCount: countIn(headers, 'x-pagination-page-count'),
    itemCount: countIn(headers, 'x-pagination-item-count'),
  }
}

function countIn(headers: Headers, name: string): number | null {
  const text = headers.get(name)
  return text !== null && /^\d{1,7}$/.test(text) ? Number(text) : null
}

/** Pure: what a Retry-After asks for, within reason. */
export const waitOf = (header: string | null, nowMs: number): number =>
  Math.min(retryAfterSeconds(header, nowMs), LONGEST_WAIT_SECONDS)
