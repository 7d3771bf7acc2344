import { describe, expect, it } from 'vitest'
import { decodeBase64Url } from './base64url.ts'
import { importPublicKey, privateKeyFromSeed, publicKeyOf, signText, verifyText } from './ed25519.ts'

const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

describe('Ed25519', () => {
  it('derives the public key of RFC 8032 test 1', async () => {
    const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
    const expected = hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    const key = await publicKeyOf(await privateKeyFromSeed(seed))
    expect(decodeBase64Url(key)).toEqual(expected)
  })

  it('accepts its own signature and nothing else', async () => {
    const privateKey = await privateKeyFromSeed(new Uint8Array(32).fill(7))
    const other = await importPublicKey(await publicKeyOf(await privateKeyFromSeed(new Uint8Array(32).fill(8))))
    const publicKey = await importPublicKey(await publicKeyOf(privateKey))
    const signature = await signText(privateKey, 'the light is on')
    expect(await verifyText(publicKey, 'the light is on', signature)).toBe(true)
    expect(await verifyText(publicKey, 'the light is off', signature)).toBe(false)
    expect(await verifyText(other, 'the light is on', signature)).toBe(false)
    expect(await verifyText(publicKey, 'the light is on', `${signature.slice(0, -2)}AA`)).toBe(false)
    expect(await verifyText(publicKey, 'the light is on', '')).toBe(false)
    expect(await verifyText(publicKey, 'the light is on', 'not base64 !')).toBe(false)
  })
})
