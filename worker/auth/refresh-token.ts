/** The refresh token: session, generation and a MAC over both; nothing of it is stored anywhere. */
import * as z from 'zod'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { deriveKey, type Keyring } from '../keyring.ts'

/**
 * `r1.<key id>.<session id>.<generation>.<HMAC-SHA-256>`. Every generation ever made is recognised as ours, so a
 * stolen old one is noticed for as long as the session's row exists; and the successor is a function of its
 * generation, so two tabs that race are given the very same token. A leaked database makes none.
 */
const TokenParts = z.tuple([
  z.literal('r1'),
  z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
  z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,8})$/)
    .transform(Number),
  z.string().regex(/^[A-Za-z0-9_-]{43}$/),
])

export type RefreshToken = { sessionId: string; generation: number }

export async function mintRefreshToken(ring: Keyring, token: RefreshToken): Promise<string> {
  const text = `r1.${ring.active}.${token.sessionId}.${token.generation}`
  const key = await macKey(ring, ring.active)
  if (!key) throw new TypeError('KEYRING: the active key is not in the ring')
  return `${text}.${encodeBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encode(text))))}`
}

/** Undefined unless this ring made exactly this text. Costs no read of the database. */
export async function readRefreshToken(ring: Keyring, token: string): Promise<RefreshToken | undefined> {
  const parts = TokenParts.safeParse(token.length > 200 ? [] : token.split('.'))
  if (!parts.success) return undefined
  const [, keyId, sessionId, generation, mac] = parts.data
  const [key, bytes] = [await macKey(ring, keyId), decodeBase64Url(mac)]
  if (!key || !bytes) return undefined
  const text = token.slice(0, token.lastIndexOf('.'))
  // The last base64url character carries two unused bits: compare re-encoded, so that one token has one spelling.
  if (encodeBase64Url(bytes) !== mac) return undefined
  return (await crypto.subtle.verify('HMAC', key, bytes, encode(text))) ? { sessionId, generation } : undefined
}

const encode = (text: string) => new TextEncoder().encode(text)

async function macKey(ring: Keyring, keyId: string): Promise<CryptoKey | undefined> {
  const bytes = await deriveKey(ring, keyId, 'refresh-token')
  return bytes && crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}
