/** The key ring (one secret) and the keys derived from it, one for each purpose. */
import * as z from 'zod'
import { decodeBase64Url } from '#protocol/base64url.ts'
import { secretJson } from './secret-json.ts'

/** `{"active":"k1","keys":{"k1":"<base64url of 32 bytes>"}}`; older keys stay until nothing was made with them. */
const KeyringJson = z.strictObject({
  active: z.string().min(1).max(32),
  keys: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), z.string()),
})

export type Keyring = { active: string; keys: ReadonlyMap<string, Uint8Array<ArrayBuffer>> }

/** What a derived key is for: a key of one purpose is no use for another. */
export type KeyPurpose =
  | 'access-token'
  | 'refresh-token'
  | 'stream-token'
  | 'device-cookie'
  | 'password-pepper'
  | `field:${string}`
  | `index:${string}`

const rings = new Map<string, Keyring>()

/** Throws when the secret is not a key ring: the Worker must not run with a made-up key. */
export function readKeyring(text: string): Keyring {
  const known = rings.get(text)
  if (known) return known
  const { active, keys } = KeyringJson.parse(secretJson('KEYRING', text))
  const ring = { active, keys: new Map(Object.entries(keys).map(([id, key]) => [id, decodeKey(id, key)])) }
  if (!ring.keys.has(active)) throw new TypeError('KEYRING: the active key is not in the ring')
  rings.set(text, ring)
  return ring
}

function decodeKey(id: string, key: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64Url(key)
  if (bytes === undefined || bytes.length !== 32) throw new TypeError(`KEYRING: key ${id} is not base64url of 32 bytes`)
  return bytes
}

/** 32 bytes by HKDF-SHA-256 (RFC 5869) from one key of the ring; undefined when the ring has no such key. */
export async function deriveKey(
  ring: Keyring,
  keyId: string,
  purpose: KeyPurpose,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const master = ring.keys.get(keyId)
  if (!master) return undefined
  const key = await crypto.subtle.importKey('raw', master, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(`porchlight:${purpose}:v1`)
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, key, 256)
  return new Uint8Array(bits)
}
