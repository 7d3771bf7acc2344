/** Ed25519 (RFC 8032) over WebCrypto, the same on the edge, on the agent and in a browser. */
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'

const algorithm = { name: 'Ed25519' } as const

/** PKCS#8 wrapping of a raw 32-byte Ed25519 seed (RFC 8410 §7): the fixed DER prefix before the seed. */
const pkcs8Prefix = '302e020100300506032b657004220420'

/** A private key from a 32-byte seed; extractable so that its public half can be published. */
export async function privateKeyFromSeed(seed: Uint8Array): Promise<CryptoKey> {
  const seedHex = [...seed.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const pkcs8 = Uint8Array.from((pkcs8Prefix + seedHex).match(/../g) ?? [], (hex) => Number.parseInt(hex, 16))
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
}

/** The public half of a private key, as base64url of its 32 raw bytes. */
export async function publicKeyOf(privateKey: CryptoKey): Promise<string> {
  const { x } = (await crypto.subtle.exportKey('jwk', privateKey)) as { x?: string }
  if (x === undefined) throw new TypeError('not an Ed25519 private key')
  return x
}

/** Imports a public key from base64url; throws a DOMException when it is not 32 bytes of key. */
export async function importPublicKey(publicKey: string): Promise<CryptoKey> {
  const raw = decodeBase64Url(publicKey) ?? new Uint8Array()
  return crypto.subtle.importKey('raw', raw, algorithm, false, ['verify'])
}

/** Signs UTF-8 text; returns base64url of the 64-byte signature. */
export async function signText(privateKey: CryptoKey, text: string): Promise<string> {
  const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(text))
  return encodeBase64Url(new Uint8Array(signature))
}

/** True only for a well-formed signature of exactly this text by this key; never throws on hostile input. */
export async function verifyText(publicKey: CryptoKey, text: string, signature: string): Promise<boolean> {
  const bytes = decodeBase64Url(signature)
  if (bytes?.length !== 64) return false
  return crypto.subtle.verify(algorithm, publicKey, bytes, new TextEncoder().encode(text))
}
