/** The only fetch that ways in use: public addresses, no redirects, five seconds, a quarter of a megabyte, and its failures counted. */
import { AppError } from '#protocol/errors.ts'
import { readBounded } from '../../read-bounded.ts'
import { isPublicUrl } from './public-url.ts'

export const UPSTREAM_TIMEOUT_MS = 5000
export const UPSTREAM_BODY_BYTES = 256 * 1024

export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>

/** The provider itself is in trouble: it does not answer, or not in its own language. Never a person's mistake. */
export const unavailable = (cause?: unknown): AppError =>
  new AppError(
    'way_unavailable',
    'This way to sign in does not answer at the moment. Please use another, or try again in a few minutes.',
    cause === undefined ? {} : { cause },
  )

type Guard = { fetch: FetchLike; isLocalAllowed: boolean; ports?: string[]; timeoutMs?: number }

/** Throws `way_unavailable` for everything that is not an answer below 500. The body has been read when it returns. */
export const guardedFetch =
  ({ fetch, isLocalAllowed, ports = [], timeoutMs = UPSTREAM_TIMEOUT_MS }: Guard): FetchLike =>
  async (url, init = {}) => {
    if (!isPublicUrl(new URL(url), { isLocalAllowed, ports })) {
      throw unavailable(new TypeError('the provider names an address that is not public'))
    }
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal })
      if (response.status >= 300 && response.status < 400) throw new TypeError('the provider redirects')
      if (response.status >= 500) throw new TypeError(`the provider answers ${response.status}`)
      const body = await readBounded(response, UPSTREAM_BODY_BYTES)
      if (!body) throw new TypeError('the provider’s answer is too large')
      const hasBody = response.status !== 204 && response.status !== 304
      return new Response(hasBody ? body : null, { status: response.status, headers: response.headers })
    } catch (cause) {
      throw unavailable(cause)
    }
  }
