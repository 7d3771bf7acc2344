/** The refresh token's codec: what comes back, and that nothing else does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { type Keyring, readKeyring } from '../keyring.ts'
import { mintRefreshToken, readRefreshToken } from './refresh-token.ts'

const key = (byte: number) => encodeBase64Url(new Uint8Array(32).fill(byte))
const ringOf = (active: string, keys: Record<string, string>): Keyring => readKeyring(JSON.stringify({ active, keys }))
const ring = ringOf('k1', { k1: key(1) })

const sessionIds = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(encodeBase64Url)
const tokens = fc.record({ sessionId: sessionIds, generation: fc.nat({ max: 999_999_999 }) })

describe('refresh token', () => {
  it('gives back the session and generation it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(tokens, async (token) => {
        expect(await readRefreshToken(ring, await mintRefreshToken(ring, token))).toEqual(token)
      }),
    )
  })

  it('is the same text each time, so that those who race hold the same one', async () => {
    const token = { sessionId: 'AAAAAAAAAAAAAAAAAAAAAA', generation: 7 }
    expect(await mintRefreshToken(ring, token)).toBe(await mintRefreshToken(ring, token))
  })

  it('is refused when any one character is another', async () => {
    await fc.assert(
      fc.asyncProperty(tokens, fc.nat(), fc.constantFrom('A', 'B', '0', '.', '_', '~'), async (token, at, other) => {
        const text = await mintRefreshToken(ring, token)
        const index = at % text.length
        fc.pre(text[index] !== other)
        const changed = text.slice(0, index) + other + text.slice(index + 1)
        expect(await readRefreshToken(ring, changed)).toBeUndefined()
      }),
    )
  })

  it('never throws on what a stranger sends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((p) => p.join('.')),
        ),
        async (text) => {
          expect(await readRefreshToken(ring, text)).toBeUndefined()
        },
      ),
    )
  })

  it('is refused when made with a key that left the ring, and kept while the key is in it', async () => {
    const token = { sessionId: 'AAAAAAAAAAAAAAAAAAAAAA', generation: 3 }
    const old = await mintRefreshToken(ring, token)
    expect(await readRefreshToken(ringOf('k2', { k1: key(1), k2: key(2) }), old)).toEqual(token)
    expect(await readRefreshToken(ringOf('k2', { k2: key(2) }), old)).toBeUndefined()
    expect(await readRefreshToken(ringOf('k1', { k1: key(9) }), old)).toBeUndefined()
  })
})
