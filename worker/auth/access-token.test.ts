/** The access token: what verifies, and everything that must not. */
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { readKeyring } from '../keyring.ts'
import { activeSigningKey } from '../signing-keys.ts'
import { ACCESS_TOKEN_SECONDS, mintAccessToken, verifyAccessToken } from './access-token.ts'
import { mintRefreshToken } from './refresh-token.ts'

const ringOf = (byte: number) =>
  readKeyring(JSON.stringify({ active: 'k1', keys: { k1: encodeBase64Url(new Uint8Array(32).fill(byte)) } }))
const ring = ringOf(1)
const now = 1_800_000_000
const claims = { sub: 'p1', sid: 's1', role: 'user' as const, amr: ['pwd'], auth_time: now }

type Change = { header?: object; payload?: object; purpose?: 'access-token' | 'stream-token' }
/** A token made with our key, as it would be if one thing about it were wrong. */
async function forged({ header = {}, payload = {}, purpose = 'access-token' }: Change): Promise<string> {
  const { privateKey } = await activeSigningKey(ring, purpose)
  const good = { iss: 'urn:porchlight:edge', aud: 'urn:porchlight:api', jti: 'j', iat: now, exp: now + 900, ...claims }
  return new SignJWT({ ...good, ...payload })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'k1', ...header })
    .sign(privateKey)
}

describe('access token', () => {
  it('gives back who it was made for, until it expires', async () => {
    const { accessToken, expiresAt } = await mintAccessToken(ring, claims, now)
    expect(expiresAt).toBe(now + ACCESS_TOKEN_SECONDS)
    expect(await verifyAccessToken(ring, accessToken, now)).toEqual(claims)
    expect(await verifyAccessToken(ring, accessToken, expiresAt - 1)).toEqual(claims)
    await expect(verifyAccessToken(ring, accessToken, expiresAt)).rejects.toMatchObject({ code: 'not_signed_in' })
  })

  it('is right as the table below begins', async () => {
    expect(await verifyAccessToken(ring, await forged({}), now)).toEqual(claims)
  })

  it.each<[string, Change]>([
    ['another type of token', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['a key id we do not have', { header: { kid: 'k9' } }],
    ['no key id', { header: { kid: undefined } }],
    ['another issuer', { payload: { iss: 'urn:someone:else' } }],
    ['another audience', { payload: { aud: 'urn:porchlight:agent' } }],
    ['no session', { payload: { sid: undefined } }],
    ['no id', { payload: { jti: undefined } }],
    ['a role we do not know', { payload: { role: 'owner' } }],
    ['an expiry far away', { payload: { iat: now - 7200, exp: now + 7200 } }],
    ['the key of stream tokens', { purpose: 'stream-token' }],
  ])('is refused with %s', async (_name, change) => {
    await expect(verifyAccessToken(ring, await forged(change), now)).rejects.toMatchObject({ code: 'not_signed_in' })
  })

  it('is refused with a key of its own in the header, and with an address to fetch one from', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
    const jwk = await exportJWK(publicKey)
    for (const header of [{ jwk }, { jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/x5u' }]) {
      const token = await new SignJWT({ iss: 'urn:porchlight:edge', aud: 'urn:porchlight:api', jti: 'j', ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'k1', ...header })
        .setIssuedAt(now)
        .setExpirationTime(now + 900)
        .sign(privateKey)
      await expect(verifyAccessToken(ring, token, now)).rejects.toMatchObject({ code: 'not_signed_in' })
    }
  })

  it('is refused unsigned, tampered with, from another ring, and when it is another kind of secret', async () => {
    const { accessToken } = await mintAccessToken(ring, claims, now)
    const [header = '', , signature = ''] = accessToken.split('.')
    const admin = encodeBase64Url(new TextEncoder().encode(JSON.stringify({ ...claims, role: 'admin' })))
    const others = [
      new UnsecuredJWT(claims)
        .setIssuedAt(now)
        .setExpirationTime(now + 900)
        .encode(),
      `${header}.${admin}.${signature}`,
      (await mintAccessToken(ringOf(2), claims, now)).accessToken,
      await mintRefreshToken(ring, { sessionId: 'A'.repeat(22), generation: 0 }),
      'x',
      '..',
    ]
    for (const token of others) {
      await expect(verifyAccessToken(ring, token, now)).rejects.toMatchObject({ code: 'not_signed_in' })
    }
  })
})
