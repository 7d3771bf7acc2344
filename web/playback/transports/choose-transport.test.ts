import { describe, expect, it } from 'vitest'
import type { StreamUrl } from '#protocol/stream-url.ts'
import { chooseTransport } from './choose-transport.ts'

const direct: StreamUrl = { transport: 'direct', url: 'http://192.168.1.20:8788/api/stream/t' }
const relay: StreamUrl = { transport: 'relay', url: 'https://porch.example/api/stream/t' }

type Outcome = 'answers' | 'dead' | string

/** Each URL behaves as said; what was asked is kept. */
function world(outcomes: Record<string, Outcome>) {
  const asked: [string, RequestInit | undefined][] = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    asked.push([String(input), init])
    const outcome = outcomes[String(input)]
    if (outcome === 'answers') return new Response('x', { status: 206 })
    if (outcome === 'dead') throw new TypeError('Failed to fetch')
    return Response.json({ error: { code: outcome, message: 'x' } }, { status: 401 })
  }
  return { asked, fetch, signal: new AbortController().signal }
}

describe('choosing a transport', () => {
  it.each([
    ['the first that answers', 'answers', 'answers', direct],
    ['the next when the first is dead', 'dead', 'answers', relay],
    ['the next when the first refuses', 'token_for_another_agent', 'answers', relay],
  ] as const)('takes %s', async (_, first, second, expected) => {
    const there = world({ [direct.url]: first, [relay.url]: second })
    expect(await chooseTransport([direct, relay], there)).toEqual(expected)
  })

  it('asks for one byte, without cookies, and asks nobody further once one answers', async () => {
    const there = world({ [direct.url]: 'answers', [relay.url]: 'answers' })
    await chooseTransport([direct, relay], there)
    expect(there.asked).toHaveLength(1)
    expect(there.asked[0]?.[1]).toMatchObject({
      headers: { range: 'bytes=0-0' },
      credentials: 'omit',
      cache: 'no-store',
    })
  })

  it('prefers to throw what was refused over silence', async () => {
    const there = world({ [direct.url]: 'dead', [relay.url]: 'token_expired' })
    await expect(chooseTransport([direct, relay], there)).rejects.toMatchObject({ code: 'token_expired' })
  })

  it.each([[[]], [[direct, relay]]])('says that no way leads home', async (urls) => {
    const there = world({ [direct.url]: 'dead', [relay.url]: 'dead' })
    await expect(chooseTransport(urls, there)).rejects.toMatchObject({ name: 'NoRoute' })
  })

  it('stops at once when the person has left', async () => {
    const leaving = new AbortController()
    leaving.abort()
    const there = { ...world({ [direct.url]: 'dead', [relay.url]: 'answers' }), signal: leaving.signal }
    await expect(chooseTransport([direct, relay], there)).rejects.toMatchObject({ name: 'AbortError' })
  })
})
