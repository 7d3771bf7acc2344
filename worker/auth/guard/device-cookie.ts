/** The cookie of a browser that has signed in to an account before: a guesser elsewhere cannot lock it out. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import type { AppEnv } from '../../env.ts'
import { deriveKey, type Keyring, readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'

/** One a account: `account` is its blind index, of which the first letters name the cookie. */
const nameOf = (account: string) => `__Host-porchlight_device_${account.replace(/[^A-Za-z0-9]/g, '').slice(0, 10)}`
const KEPT_SECONDS = 400 * 24 * 3600
const form = /^d1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/** `d1.<key id>.<nonce>.<MAC>`: OWASP's device cookie. It proves an earlier sign-in and opens nothing. */
export async function mintDeviceCookie(ring: Keyring, account: string): Promise<string> {
  const text = `d1.${ring.active}.${randomId()}`
  const mac = await macOf(ring, ring.active, text, account)
  if (!mac) throw new TypeError('KEYRING: the active key is not in the ring')
  return `${text}.${encodeBase64Url(mac)}`
}

/** The device's own id; undefined unless this ring made the cookie for this account. */
export async function readDevice(ring: Keyring, account: string, cookie: string): Promise<string | undefined> {
  const [, keyId, nonce, mac] = form.exec(cookie.slice(0, 200)) ?? []
  const given = mac === undefined ? undefined : decodeBase64Url(mac)
  if (keyId === undefined || nonce === undefined || !given) return undefined
  const expected = await macOf(ring, keyId, `d1.${keyId}.${nonce}`, account)
  return expected && crypto.subtle.timingSafeEqual(expected, given) ? nonce : undefined
}

export const readDeviceCookie = async (c: Context, ring: Keyring, account: string): Promise<string | undefined> =>
  readDevice(ring, account, getCookie(c, nameOf(account)) ?? '')

/** The device this browser is to somebody who is known by now; undefined when it is new to them, or they have no address. */
export const deviceOf = async <E extends AppEnv>(
  c: Context<E>,
  account: { emailIndex: string | null } | undefined,
): Promise<string | undefined> =>
  account?.emailIndex ? readDeviceCookie(c, readKeyring(c.env.KEYRING), account.emailIndex) : undefined

export const setDeviceCookie = async (c: Context, ring: Keyring, account: string): Promise<void> =>
  setCookie(c, nameOf(account), await mintDeviceCookie(ring, account), {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: KEPT_SECONDS,
  })

async function macOf(ring: Keyring, keyId: string, text: string, account: string): Promise<Uint8Array | undefined> {
  const bytes = await deriveKey(ring, keyId, 'device-cookie')
  if (!bytes) return undefined
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${text}|${account}`)))
}
