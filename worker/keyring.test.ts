/** The key ring: what it takes, and that each purpose has keys of its own. */
import { expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { deriveKey, readKeyring } from './keyring.ts'
import { activeSigningKey, signingKey, streamVerificationKeys } from './signing-keys.ts'

const key = (byte: number, length = 32) => encodeBase64Url(new Uint8Array(length).fill(byte))
const text = (active: string, keys: object) => JSON.stringify({ active, keys })

it.each([
  ['not JSON', 'k1'],
  ['no active key', text('k2', { k1: key(1) })],
  ['a short key', text('k1', { k1: key(1, 16) })],
  ['not base64url', text('k1', { k1: '!'.repeat(43) })],
  ['an id that could break a token apart', text('a.b', { 'a.b': key(1) })],
])('refuses %s', (_name, ring) => {
  expect(() => readKeyring(ring)).toThrow()
})

it('gives each purpose and each key id a key of its own, the same one each time', async () => {
  const ring = readKeyring(text('k1', { k1: key(1), k2: key(2) }))
  const all = await Promise.all(
    ['k1', 'k2'].flatMap((id) =>
      (['access-token', 'refresh-token', 'stream-token'] as const).map((purpose) => deriveKey(ring, id, purpose)),
    ),
  )
  expect(new Set(all.map(String)).size).toBe(6)
  expect(String(await deriveKey(ring, 'k1', 'access-token'))).toBe(String(all[0]))
  expect(await deriveKey(ring, 'gone', 'access-token')).toBeUndefined()
})

it('publishes every stream key of the ring, the active one first, and signs with that', async () => {
  const ring = readKeyring(text('k2', { k1: key(1), k2: key(2) }))
  expect((await streamVerificationKeys(ring)).map(({ keyId }) => keyId)).toEqual(['k2', 'k1'])
  expect((await activeSigningKey(ring, 'stream-token')).keyId).toBe('k2')
  expect(await signingKey(ring, 'stream-token', 'k3')).toBeUndefined()
})
