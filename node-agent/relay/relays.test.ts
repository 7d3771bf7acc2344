/** The relay transport against an edge over real HTTP: parts, pace, and either side leaving. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SignedRequestHeaders, STREAMED_BODY, verifyRequest } from '#protocol/agent-proof.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { RELAY_HEAD_HEADER, RelayHead } from '#protocol/relay.ts'
import type { HttpHandle, HttpResponse } from '../http-exchange.ts'
import { loadIdentityKey } from '../link/identity-key.ts'
import { createLog } from '../log.ts'
import { pseudoRandomBytes } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { until } from '../testing/until.ts'
import { createPostPart } from './post-part.ts'
import { createRelays } from './relays.ts'

vi.setConfig({ testTimeout: 20_000 })

type Post = { url: string; head: RelayHead | undefined; headers: IncomingMessage['headers']; body: Buffer }
type OnPost = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** An edge that takes every part, unless the test does something else with it. */
async function startEdge(onPost?: OnPost) {
  const posts: Post[] = []
  const server = createServer(async (request, response) => {
    if (onPost) return onPost(request, response)
    const head = request.headers[RELAY_HEAD_HEADER]
    const body = Buffer.concat(await request.toArray())
    posts.push({
      url: request.url ?? '',
      head: typeof head === 'string' ? RelayHead.parse(JSON.parse(head)) : undefined,
      headers: request.headers,
      body,
    })
    response.writeHead(204).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { posts, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function start(edgeUrl: string, handle: HttpHandle, options: { partBytes?: number; isOn?: boolean } = {}) {
  const key = await loadIdentityKey(temporaryDirectory())
  const post = createPostPart(edgeUrl)
  const lines: Record<string, unknown>[] = []
  const relays = createRelays({
    isOn: true,
    handle,
    post,
    signer: () => ({ agentId: 'agent-1', privateKey: key.privateKey, now: () => 1000 }),
    log: createLog((line) => lines.push(JSON.parse(line))),
    ...options,
  })
  onTestFinished(() => {
    relays.close()
    post.close()
  })
  const ask = (requestId = 'r1', method: 'GET' | 'HEAD' = 'GET', shortBelow?: number) =>
    relays.start(
      {
        ...{ kind: 'relay', streamId: 's1', requestId, method, path: '/api/stream/t', headers: { range: 'bytes=0-' } },
        shortBelow,
      },
      'test-correlation',
    )
  const ended = () => lines.filter(({ event }) => event === 'relay_ended')
  return { relays, ask, ended, key }
}

const bytes = pseudoRandomBytes(250_000)
async function* chunks(of: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < of.length; at += size) yield of.subarray(at, at + size)
}
const answerWith =
  (response: Partial<HttpResponse>): HttpHandle =>
  async () => ({ status: 206, headers: {}, ...response })
const film = (size = 33_333): Partial<HttpResponse> => ({
  headers: { 'content-type': 'video/mp4', 'content-length': String(bytes.length) },
  body: chunks(bytes, size),
})

describe('the relay', () => {
  it('posts status, headers and body, signed, to where the edge waits', async () => {
    const edge = await startEdge()
    const { ask, ended, key } = await start(edge.url, answerWith(film()))
    ask()
    await until(() => ended().length === 1, 'the end')
    const [post] = edge.posts
    expect(post?.url).toBe('/api/relay/s1/r1?part=0&last=1')
    expect(post?.head).toEqual({
      status: 206,
      headers: { 'content-type': 'video/mp4', 'content-length': '250000' },
      bodyBytes: 250_000,
    })
    expect(post?.body.equals(bytes)).toBe(true)
    expect(post?.headers['content-length']).toBe('250000')
    const headers = SignedRequestHeaders.parse(post?.headers)
    expect(headers['x-agent-body-digest']).toBe(STREAMED_BODY)
    const request = { method: 'POST', path: post?.url ?? '', headers }
    expect(await verifyRequest(await importPublicKey(key.publicKey), request, 1000)).toBe(true)
    expect(ended()[0]).toMatchObject({ reason: 'done', parts: 1, streamId: 's1', correlationId: 'test-correlation' })
  })

  it.each([
    [100_000, [100_000, 100_000, 50_000]],
    [125_000, [125_000, 125_000]],
    [249_999, [249_999, 1]],
    [250_000, [250_000]],
    [1_000_000, [250_000]],
  ])('cuts a long answer into parts of %i bytes', async (partBytes, lengths) => {
    const edge = await startEdge()
    const { ask, ended } = await start(edge.url, answerWith(film()), { partBytes })
    ask()
    await until(() => ended().length === 1, 'the end')
    expect(edge.posts.map(({ body }) => body.length)).toEqual(lengths)
    expect(Buffer.concat(edge.posts.map(({ body }) => body)).equals(bytes)).toBe(true)
    expect(edge.posts.map(({ url }) => url.split('?')[1])).toEqual(
      lengths.map((_, part) => `part=${part}&last=${part === lengths.length - 1 ? 1 : 0}`),
    )
    expect(edge.posts.map(({ head }) => head !== undefined)).toEqual(lengths.map((_, part) => part === 0))
  })

  it('posts a body of unknown length in chunks, and says at its end that there is no more', async () => {
    const edge = await startEdge()
    const { ask, ended } = await start(edge.url, answerWith({ status: 200, body: chunks(bytes, 10_000) }), {
      partBytes: 100_000,
    })
    ask()
    await until(() => ended().length === 1, 'the end')
    expect(edge.posts[0]?.head).toEqual({ status: 200, headers: {} })
    expect(edge.posts.map(({ headers }) => headers['transfer-encoding'])).toEqual(edge.posts.map(() => 'chunked'))
    expect(Buffer.concat(edge.posts.map(({ body }) => body)).equals(bytes)).toBe(true)
    expect(edge.posts.map(({ url }) => url.endsWith('last=1'))).toEqual(
      edge.posts.map((_, part) => part === edge.posts.length - 1),
    )
  })

  it.each([
    [1_000_000, [250_000], ['short']],
    [100_000, [100_000, 100_000, 50_000], ['short', 'short', 'short']],
    [125_000, [125_000, 125_000, 0], ['short', 'short', '1']],
  ])(
    'ends a body of unknown length with a part below %i bytes, for an edge that takes it so',
    async (shortBelow, lengths, lasts) => {
      const edge = await startEdge()
      const { ask, ended } = await start(edge.url, answerWith({ status: 200, body: chunks(bytes, 10_000) }))
      ask('r1', 'GET', shortBelow)
      await until(() => ended().length === 1, 'the end')
      expect(edge.posts.map(({ body }) => body.length)).toEqual(lengths)
      expect(edge.posts.map(({ url }) => url.split('last=')[1])).toEqual(lasts)
      expect(Buffer.concat(edge.posts.map(({ body }) => body)).equals(bytes)).toBe(true)
    },
  )

  it.each([
    [
      'a HEAD, with the length that a GET would have',
      { status: 200, headers: { 'content-length': '250000' } },
      250_000,
    ],
    ['an error', { status: 401, headers: {} }, 0],
    ['a 304', { status: 304, headers: { etag: '"x"' } }, 0],
  ])('posts %s, without a body', async (_what, response, bodyBytes) => {
    const edge = await startEdge()
    const { ask, ended } = await start(edge.url, answerWith(response))
    ask('r1', 'HEAD')
    await until(() => ended().length === 1, 'the end')
    expect(edge.posts).toHaveLength(1)
    expect(edge.posts[0]?.head).toEqual({ ...response, bodyBytes })
    expect(edge.posts[0]?.body).toHaveLength(0)
  })

  it('sends status and headers at once, however long the first byte takes', async () => {
    let head: string | string[] | undefined
    const edge = await startEdge((request) => {
      head = request.headers[RELAY_HEAD_HEADER]
    })
    async function* never(): AsyncGenerator<Uint8Array> {
      await new Promise(() => {})
    }
    const { ask } = await start(edge.url, answerWith({ headers: { 'content-length': '10' }, body: never() }))
    ask()
    await until(() => head !== undefined, 'the head')
  })

  it('keeps headers that are not ASCII whole', async () => {
    const edge = await startEdge()
    const { ask, ended } = await start(edge.url, answerWith({ headers: { 'x-name': 'Öl “☕”' } }))
    ask()
    await until(() => ended().length === 1, 'the end')
    expect(edge.posts[0]?.head?.headers).toEqual({ 'x-name': 'Öl “☕”' })
  })

  it('reads no faster than the edge takes', async () => {
    let arrived: IncomingMessage | undefined
    const edge = await startEdge((request) => {
      arrived = request
    })
    let read = 0
    async function* endless() {
      for (;;) {
        read += 65_536
        yield new Uint8Array(65_536)
      }
    }
    const { ask, relays } = await start(edge.url, answerWith({ body: endless() }))
    ask()
    await until(() => arrived !== undefined, 'the request')
    await new Promise((resolve) => setTimeout(resolve, 500))
    const before = read
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(read).toBe(before)
    relays.cancel('r1')
  })

  it.each<
    [
      string,
      (context: { relays: { cancel(id: string): void }; request: IncomingMessage; response: ServerResponse }) => void,
    ]
  >([
    ['the edge says that the viewer has left', ({ relays }) => relays.cancel('r1')],
    ['the edge answers before the end', ({ response }) => response.writeHead(409).end()],
    ['the edge takes no more and says it is well', ({ response }) => response.writeHead(204).end()],
    ['the edge goes away', ({ request }) => request.socket.destroy()],
  ])('stops reading when %s', async (_what, leave) => {
    const closed = vi.fn()
    let signal: AbortSignal | undefined
    async function* film() {
      try {
        for (;;) {
          yield new Uint8Array(65_536)
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      } finally {
        closed()
      }
    }
    const edge = await startEdge((request, response) => {
      request.on('error', () => {})
      request.once('data', () => leave({ relays, request, response }))
    })
    const { relays, ask, ended } = await start(edge.url, async (request) => {
      signal = request.signal
      return { status: 200, headers: { 'content-length': '100000000' }, body: film() }
    })
    ask()
    await until(() => closed.mock.calls.length === 1 && signal?.aborted === true, 'the end of reading')
    await until(() => ended().length === 1, 'the end')
    expect(ended()[0]?.reason).not.toBe('done')
  })

  it('ends at once when the lease of what it relays ends, also while the edge reads nothing', async () => {
    const lease = new AbortController()
    const closed = vi.fn()
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(65_536)
      } finally {
        closed()
      }
    }
    let arrived = false
    const edge = await startEdge(() => {
      arrived = true
    })
    const { ask, ended } = await start(edge.url, answerWith({ body: endless(), cut: lease.signal }))
    ask()
    await until(() => arrived, 'the request')
    lease.abort(new Error('revoked'))
    await until(() => closed.mock.calls.length === 1 && ended().length === 1, 'the end')
    expect(ended()[0]?.reason).toBe('revoked')
  })

  it('survives an edge that is not there, and one that refuses', async () => {
    const edge = await startEdge((_request, response) => void response.writeHead(404).end('{}'))
    const refused = await start(edge.url, answerWith(film()))
    refused.ask()
    await until(() => refused.ended().length === 1, 'the end')
    const away = await start('http://127.0.0.1:1', answerWith(film()))
    away.ask()
    await until(() => away.ended().length === 1, 'the end')
    expect(away.ended()[0]?.reason).toContain('ECONNREFUSED')
  })

  it('answers one request id once', async () => {
    const edge = await startEdge()
    const handle = vi.fn(answerWith(film()))
    const { ask, ended } = await start(edge.url, handle)
    ask()
    ask()
    await until(() => ended().length === 1, 'the end')
    expect(handle).toHaveBeenCalledTimes(1)
  })

  it('refuses when the operator switched it off', async () => {
    const { ask } = await start('http://127.0.0.1:1', answerWith(film()), { isOn: false })
    expect(() => ask()).toThrow(expect.objectContaining({ code: 'relay_off' }))
  })

  it('refuses more answers at once than a home should give', async () => {
    const { ask, relays } = await start('http://127.0.0.1:1', () => new Promise(() => {}))
    for (let n = 0; n < 64; n++) ask(`r${n}`)
    expect(() => ask('one-more')).toThrow(expect.objectContaining({ code: 'busy' }))
    relays.close()
  })
})
