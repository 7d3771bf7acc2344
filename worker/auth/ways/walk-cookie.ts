/** The cookie of a walk to a provider: a secret that only the browser holds in which the walk began. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

const NAME = '__Host-porchlight_walk'
/** Lax, where every other cookie of ours is Strict: the person comes back from the provider's own site. */
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

/** At most 100 characters are looked at. */
export const readWalkCookie = (c: Context): string => getCookie(c, NAME)?.slice(0, 100) ?? ''

export const setWalkCookie = (c: Context, secret: string, maxAgeSeconds: number): void =>
  setCookie(c, NAME, secret, { ...attributes, maxAge: maxAgeSeconds })

export function clearWalkCookie(c: Context): void {
  deleteCookie(c, NAME, attributes)
}
