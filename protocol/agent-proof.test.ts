import { describe, expect, it } from 'vitest'
import { digestBody, keyFingerprint, SignedRequestHeaders, signRequest, verifyRequest } from './agent-proof.ts'
import { importPublicKey, privateKeyFromSeed, publicKeyOf } from './ed25519.ts'

const request = { method: 'POST', path: '/api/catalog/offers' }

async function signed(body: string, sentAt: number) {
  const privateKey = await privateKeyFromSeed(new Uint8Array(32).fill(3))
  const bodyDigest = await digestBody(body)
  const headers = await signRequest(privateKey, { ...request, agentId: 'a1', sentAt, bodyDigest })
  return {
    publicKey: await importPublicKey(await publicKeyOf(privateKey)),
    headers: SignedRequestHeaders.parse(headers),
  }
}

describe('a request signed by an agent', () => {
  it('is accepted within the tolerance of the clock', async () => {
    const { publicKey, headers } = await signed('{}', 1000)
    expect(await verifyRequest(publicKey, { ...request, headers }, 1000)).toBe(true)
    expect(await verifyRequest(publicKey, { ...request, headers }, 1120)).toBe(true)
    expect(await verifyRequest(publicKey, { ...request, headers }, 880)).toBe(true)
  })

  it('is refused when it is old, or from the future', async () => {
    const { publicKey, headers } = await signed('{}', 1000)
    expect(await verifyRequest(publicKey, { ...request, headers }, 1121)).toBe(false)
    expect(await verifyRequest(publicKey, { ...request, headers }, 879)).toBe(false)
  })

  it('is refused for another path, method, agent, time or body', async () => {
    const { publicKey, headers } = await signed('{}', 1000)
    const verify = (change: object, header: object = {}) =>
      verifyRequest(publicKey, { ...request, ...change, headers: { ...headers, ...header } }, 1000)
    expect(await verify({ path: '/api/catalog/offers?x=1' })).toBe(false)
    expect(await verify({ method: 'PUT' })).toBe(false)
    expect(await verify({}, { 'x-agent-id': 'a2' })).toBe(false)
    expect(await verify({}, { 'x-agent-time': 1001 })).toBe(false)
    expect(await verify({}, { 'x-agent-body-digest': await digestBody('{"a":1}') })).toBe(false)
    expect(await verify({})).toBe(true)
  })
})

it('shows a key as four groups that a person can compare', async () => {
  expect(await keyFingerprint('A'.repeat(43))).toMatch(/^([0-9A-F]{4} ){3}[0-9A-F]{4}$/)
  expect(await keyFingerprint('A'.repeat(43))).not.toBe(await keyFingerprint('B'.repeat(43)))
})
