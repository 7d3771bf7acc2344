import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64Url } from './base64url.ts'
import { importPublicKey, privateKeyFromSeed, publicKeyOf, signText } from './ed25519.ts'
import { readStreamToken, type StreamClaims, signStreamToken } from './stream-token.ts'

const claims: StreamClaims = {
  keyId: 'k1',
  streamId: 'stream-0001',
  personId: 'person',
  sessionId: 'session',
  agentId: 'agent',
  sourceId: 'source',
  path: 'Films/Größe & Träume (2008).mp4',
  scopes: ['media'],
  notBefore: 1000,
  expiresAt: 1300,
  counter: 0,
  correlationId: 'abcdefgh12345678',
}

let privateKey: CryptoKey
let publicKey: CryptoKey
const findKey = (keyId: string) => (keyId === 'k1' ? publicKey : undefined)
const codeOf = (token: string) =>
  readStreamToken(token, findKey).then(
    () => 'accepted',
    (error) => error.code,
  )

beforeAll(async () => {
  privateKey = await privateKeyFromSeed(new Uint8Array(32).fill(1))
  publicKey = await importPublicKey(await publicKeyOf(privateKey))
})

describe('a stream token', () => {
  it('gives back its claims', async () => {
    expect(await readStreamToken(await signStreamToken(claims, privateKey), findKey)).toEqual(claims)
  })

  it('is safe in a path', async () => {
    expect(await signStreamToken(claims, privateKey)).toMatch(/^[A-Za-z0-9_.-]+$/)
  })

  it('is refused when signed by another key', async () => {
    const thief = await privateKeyFromSeed(new Uint8Array(32).fill(2))
    expect(await codeOf(await signStreamToken(claims, thief))).toBe('token_invalid')
  })

  it('is refused when its key id was never published', async () => {
    expect(await codeOf(await signStreamToken({ ...claims, keyId: 'k9' }, privateKey))).toBe('token_invalid')
  })

  it('is refused when a genuine signature stands under claims of another form', async () => {
    for (const payload of ['{}', 'null', '[]', JSON.stringify({ ...claims, admin: true }), '\u0000']) {
      const signed = `v1.${encodeBase64Url(new TextEncoder().encode(payload))}`
      expect(await codeOf(`${signed}.${await signText(privateKey, signed)}`)).toBe('token_invalid')
    }
  })

  it('is refused when any one character of it is changed', async () => {
    const token = await signStreamToken(claims, privateKey)
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...'AQgw_-.0z'), async (at, character) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        fc.pre(changed !== token)
        expect(await codeOf(changed)).toBe('token_invalid')
      }),
    )
  })

  it('is refused, never thrown over, whatever the text is', async () => {
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => (await codeOf(text)) === 'token_invalid'))
    for (const text of ['', 'v1', 'v1..', 'v2.e30.AA', 'v1.e30.AA.BB', 'x'.repeat(5000)]) {
      expect(await codeOf(text)).toBe('token_invalid')
    }
  })
})
