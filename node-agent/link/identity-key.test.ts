/** The key is made once, kept private, and never written over. */
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importPublicKey, signText, verifyText } from '#protocol/ed25519.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { loadIdentityKey } from './identity-key.ts'

describe('loadIdentityKey', () => {
  it('makes a key that signs, in a file that only its user can read', async () => {
    const directory = join(temporaryDirectory(), 'state')
    const { privateKey, publicKey } = await loadIdentityKey(directory)
    expect(await verifyText(await importPublicKey(publicKey), 'text', await signText(privateKey, 'text'))).toBe(true)
    expect(statSync(join(directory, 'identity.key')).mode & 0o777).toBe(0o600)
  })

  it('reads the same key again, also when fifty ask at once', async () => {
    const directory = temporaryDirectory()
    const keys = await Promise.all(Array.from({ length: 50 }, () => loadIdentityKey(directory)))
    expect(new Set(keys.map((key) => key.publicKey)).size).toBe(1)
  })

  it('takes back a mode that lets others read', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'identity.key'), 'A'.repeat(43), { mode: 0o644 })
    await loadIdentityKey(directory)
    expect(statSync(join(directory, 'identity.key')).mode & 0o777).toBe(0o600)
  })

  it('says what to do about a damaged file, and leaves it', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'identity.key'), 'not a key')
    await expect(loadIdentityKey(directory)).rejects.toThrow(/Move it away/)
  })
})
