/** The agent's own Ed25519 key pair: made once, kept in a file that only this user can read. */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { privateKeyFromSeed, publicKeyOf } from '#protocol/ed25519.ts'
import { AppError } from '#protocol/errors.ts'

export type IdentityKey = {
  privateKey: Awaited<ReturnType<typeof privateKeyFromSeed>>
  /** base64url of 32 bytes. */
  publicKey: string
}

/** The 32 bytes that the key is made of: what else this agent keeps secret is derived from them. */
export async function seedOf({ privateKey }: Pick<IdentityKey, 'privateKey'>): Promise<Uint8Array> {
  const { d } = (await crypto.subtle.exportKey('jwk', privateKey)) as { d?: string }
  const seed = decodeBase64Url(d ?? '')
  if (seed?.length !== 32) throw new TypeError('not an Ed25519 private key')
  return seed
}

/** Reads `identity.key` (the 32-byte seed in base64url), or makes it. Throws `internal` when it is damaged. */
export async function loadIdentityKey(directory: string): Promise<IdentityKey> {
  const file = join(directory, 'identity.key')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  try {
    // Fails when the file is there, so that a key is never written over.
    writeFileSync(file, encodeBase64Url(randomBytes(32)), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  chmodSync(file, 0o600)
  const seed = decodeBase64Url(readFileSync(file, 'utf8').trim())
  if (seed?.length !== 32) {
    throw new AppError('internal', `The agent's key in ${file} is damaged. Move it away and pair the agent again.`)
  }
  const privateKey = await privateKeyFromSeed(seed)
  return { privateKey, publicKey: await publicKeyOf(privateKey) }
}
