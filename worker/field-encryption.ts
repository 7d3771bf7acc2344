/** What keeps secret columns secret: AES-256-GCM bound to its row, and blind indexes to find a value without it. */
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { deriveKey, type KeyPurpose, type Keyring } from './keyring.ts'

/** Where a sealed value stands. A value moved to another row, column or table no longer opens. */
export type FieldPlace = { table: string; column: string; rowId: string }

const IV_BYTES = 12
const form = /^enc:v1:([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]+)$/

/** What a column holds before it was ever sealed: rows older than sealing. */
export const isSealed = (stored: string): boolean => stored.startsWith('enc:')

/** `enc:v1:<key id>:<base64url of IV, ciphertext and tag>` (NIST SP 800-38D: a random 96-bit IV each time). */
export async function sealField(ring: Keyring, place: FieldPlace, text: string): Promise<string> {
  const key = await aesKey(ring, ring.active, place)
  if (!key) throw new TypeError('KEYRING: the active key is not in the ring')
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const bytes = await crypto.subtle.encrypt(gcm(iv, ring.active, place), key, new TextEncoder().encode(text))
  const joined = new Uint8Array(IV_BYTES + bytes.byteLength)
  joined.set(iv)
  joined.set(new Uint8Array(bytes), IV_BYTES)
  return `enc:v1:${ring.active}:${encodeBase64Url(joined)}`
}

/** Throws when this ring did not seal exactly this value for exactly this place: nothing is guessed, nothing passes. */
export async function openField(ring: Keyring, place: FieldPlace, sealed: string): Promise<string> {
  const [, keyId = '', data = ''] = form.exec(sealed) ?? []
  const bytes = decodeBase64Url(data)
  const key = await aesKey(ring, keyId, place)
  if (!bytes || bytes.length <= IV_BYTES || !key) throw new CannotOpen(place)
  try {
    const iv = bytes.slice(0, IV_BYTES)
    const plain = await crypto.subtle.decrypt(gcm(iv, keyId, place), key, bytes.slice(IV_BYTES))
    return new TextDecoder().decode(plain)
  } catch (cause) {
    throw new CannotOpen(place, { cause })
  }
}

/** Names the column and nothing of the value. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen'

  constructor({ table, column }: FieldPlace, options?: ErrorOptions) {
    super(`A sealed value of ${table}.${column} does not open with this key ring.`, options)
  }
}

/** What is looked up without standing in the database: an e-mail address, a one-time secret. */
export type IndexPurpose =
  | 'info-hash'
  | 'email'
  | 'recovery-code'
  | 'ticket'
  | 'invite'
  | 'mail-link'
  | 'tv'
  | 'transaction'

/** `<key id>.<HMAC-SHA-256>`, for a new row. */
export async function blindIndex(ring: Keyring, purpose: IndexPurpose, text: string): Promise<string> {
  const index = await indexUnder(ring, ring.active, purpose, text)
  if (!index) throw new TypeError('KEYRING: the active key is not in the ring')
  return index
}

/** The indexes a row may have, the active key's first: a row made before a rotation is found until it is re-indexed. */
export async function blindIndexes(ring: Keyring, purpose: IndexPurpose, text: string): Promise<string[]> {
  const ids = [ring.active, ...[...ring.keys.keys()].filter((id) => id !== ring.active)]
  const indexes = await Promise.all(ids.map((id) => indexUnder(ring, id, purpose, text)))
  return indexes.filter((index) => index !== undefined)
}

async function indexUnder(ring: Keyring, keyId: string, purpose: IndexPurpose, text: string) {
  const key = await derived(ring, keyId, `index:${purpose}`, { name: 'HMAC', hash: 'SHA-256' }, ['sign'])
  if (!key) return undefined
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))
  return `${keyId}.${encodeBase64Url(new Uint8Array(mac))}`
}

const aesKey = (ring: Keyring, keyId: string, { table, column }: FieldPlace) =>
  derived(ring, keyId, `field:${table}.${column}`, { name: 'AES-GCM' }, ['encrypt', 'decrypt'])

const gcm = (iv: Uint8Array<ArrayBuffer>, keyId: string, { table, column, rowId }: FieldPlace) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(JSON.stringify(['v1', keyId, table, column, rowId])),
})

type Algorithm = { name: 'AES-GCM' } | { name: 'HMAC'; hash: 'SHA-256' }
/** Keys already made, by ring: deriving one takes three calls into WebCrypto. */
const made = new WeakMap<Keyring, Map<string, Promise<CryptoKey | undefined>>>()

function derived(ring: Keyring, keyId: string, purpose: KeyPurpose, algorithm: Algorithm, usages: string[]) {
  const keys = made.get(ring) ?? new Map<string, Promise<CryptoKey | undefined>>()
  made.set(ring, keys)
  const name = `${purpose}:${keyId}`
  const known = keys.get(name)
  if (known) return known
  if (!ring.keys.has(keyId)) return Promise.resolve(undefined)
  const key = deriveKey(ring, keyId, purpose).then(
    (bytes) => bytes && crypto.subtle.importKey('raw', bytes, algorithm, false, usages),
  )
  keys.set(name, key)
  return key
}
