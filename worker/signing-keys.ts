/** Ed25519 key pairs derived from the ring: what signs access tokens and stream tokens, and what verifies them. */
import { importPublicKey, privateKeyFromSeed, publicKeyOf } from '#protocol/ed25519.ts'
import type { VerificationKey } from '#protocol/pairing.ts'
import { deriveKey, type KeyPurpose, type Keyring } from './keyring.ts'

export type SigningKey = VerificationKey & { privateKey: CryptoKey; verifyKey: CryptoKey }

/** Pairs already made, by ring and `purpose:key id`: deriving one takes four calls into WebCrypto. */
const made = new WeakMap<Keyring, Map<string, Promise<SigningKey | undefined>>>()

/** The pair of one key id, or undefined when the ring has no such key. */
export function signingKey(ring: Keyring, purpose: KeyPurpose, keyId: string): Promise<SigningKey | undefined> {
  const pairs = made.get(ring) ?? new Map<string, Promise<SigningKey | undefined>>()
  made.set(ring, pairs)
  const name = `${purpose}:${keyId}`
  const known = pairs.get(name)
  if (known) return known
  if (!ring.keys.has(keyId)) return Promise.resolve(undefined)
  const pair = makePair(ring, purpose, keyId)
  pairs.set(name, pair)
  return pair
}

async function makePair(ring: Keyring, purpose: KeyPurpose, keyId: string): Promise<SigningKey | undefined> {
  const seed = await deriveKey(ring, keyId, purpose)
  if (!seed) return undefined
  const privateKey = await privateKeyFromSeed(seed)
  const publicKey = await publicKeyOf(privateKey)
  return { keyId, privateKey, publicKey, verifyKey: await importPublicKey(publicKey) }
}

/** The pair that signs now. */
export async function activeSigningKey(ring: Keyring, purpose: KeyPurpose): Promise<SigningKey> {
  const key = await signingKey(ring, purpose, ring.active)
  if (!key) throw new TypeError('KEYRING: the active key is not in the ring')
  return key
}

/** What agents are given to check stream tokens with while the edge is away: the active key first, eight at most. */
export async function streamVerificationKeys(ring: Keyring): Promise<VerificationKey[]> {
  const ids = [ring.active, ...[...ring.keys.keys()].filter((id) => id !== ring.active)].slice(0, 8)
  const keys = await Promise.all(ids.map((id) => signingKey(ring, 'stream-token', id)))
  return keys.flatMap((key) => (key ? [{ keyId: key.keyId, publicKey: key.publicKey }] : []))
}
