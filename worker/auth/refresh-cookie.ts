/** The cookie that holds a session's refresh token: one a session, so that several people share one browser. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** `__Host-`: the browser itself demands Secure, Path=/ and no Domain, so no sibling host can set it. */
const nameOf = (sessionId: string): string => `__Host-porchlight_rt_${sessionId}`

const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const

export const readRefreshCookie = (c: Context, sessionId: string): string | undefined => getCookie(c, nameOf(sessionId))

export const setRefreshCookie = (c: Context, sessionId: string, token: string, maxAgeSeconds: number): void =>
  setCookie(c, nameOf(sessionId), token, { ...attributes, maxAge: maxAgeSeconds })

/** Only when the session is over. Somebody who lost a race must not clear the winner's cookie. */
export function clearRefreshCookie(c: Context, sessionId: string): void {
  deleteCookie(c, nameOf(sessionId), attributes)
}
