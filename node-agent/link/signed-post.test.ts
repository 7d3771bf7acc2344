/** A signed request can be verified as the edge does it, and refusals come back as errors. */
import { describe, expect, it } from 'vitest'
import { digestBody, SignedRequestHeaders, verifyRequest } from '#protocol/agent-proof.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { loadIdentityKey } from './identity-key.ts'
import { createSignedPost } from './signed-post.ts'

const post = async (respond: (request: Request) => Response | Promise<Response>) => {
  const key = await loadIdentityKey(temporaryDirectory())
  const send = createSignedPost({
    edgeUrl: 'https://porchlight.example',
    agentId: 'agent-1',
    key,
    now: () => 1000.7,
    fetch: async (input, init) => respond(new Request(input, init)),
  })
  return { key, send: () => send('/api/catalog/offers', { provider: 'demo' }, AbortSignal.timeout(5000)) }
}

describe('createSignedPost', () => {
  it('signs method, path, time and body', async () => {
    let seen: Request | undefined
    const { key, send } = await post((request) => {
      seen = request
      return new Response(null, { status: 204 })
    })
    await send()
    const headers = SignedRequestHeaders.parse(Object.fromEntries(seen?.headers ?? []))
    const publicKey = await importPublicKey(key.publicKey)
    expect(await verifyRequest(publicKey, { method: 'POST', path: '/api/catalog/offers', headers }, 1001)).toBe(true)
    expect(headers['x-agent-body-digest']).toBe(await digestBody(JSON.stringify({ provider: 'demo' })))
    expect(headers['x-agent-time']).toBe(1000)
  })

  it('gives what the edge answers, and nothing where it answers nothing', async () => {
    const named = await post(() => Response.json({ name: 'a.home.test' }))
    expect(await named.send()).toEqual({ name: 'a.home.test' })
    const silent = await post(() => new Response(null, { status: 204 }))
    expect(await silent.send()).toBeUndefined()
  })

  it('throws what the edge refuses it with', async () => {
    const { send } = await post(() =>
      Response.json({ error: { code: 'bad_signature', message: 'No.' } }, { status: 401 }),
    )
    await expect(send()).rejects.toMatchObject({ code: 'bad_signature' })
  })

  it('throws internal for an answer that is not the edge’s', async () => {
    const { send } = await post(() => new Response('<html>', { status: 502 }))
    await expect(send()).rejects.toMatchObject({ code: 'internal' })
  })
})
