/** Cookies that carry a short-lived secret of one walk: a ticket, a challenge, a waiting television. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** Names of ours; each is one a browser, so that a walk begun anew takes the place of the one before. */
export type SecretCookie = 'ticket' | 'challenge' | 'tv'

const nameOf = (cookie: SecretCookie) => `__Host-porchlight_${cookie}`
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const

/** At most 100 characters are looked at. */
export const readSecretCookie = (c: Context, cookie: SecretCookie): string =>
  getCookie(c, nameOf(cookie))?.slice(0, 100) ?? ''

export const setSecretCookie = (c: Context, cookie: SecretCookie, value: string, maxAgeSeconds: number): void =>
  setCookie(c, nameOf(cookie), value, { ...attributes, maxAge: maxAgeSeconds })

export function clearSecretCookie(c: Context, cookie: SecretCookie): void {
  deleteCookie(c, nameOf(cookie), attributes)
}
