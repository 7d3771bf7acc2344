/** The handler at its real door: tokens, leases, other pages, status, errors, and clients that are slow or gone. */
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { StreamStatus } from '#protocol/stream-status.ts'
import type { StreamClaims } from '#protocol/stream-token.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { ask, startMint, startTestHome, type TestHome } from '../testing/test-home.ts'
import { until, untilSteady } from '../testing/until.ts'

vi.setConfig({ testTimeout: 30_000 })

const MiB = 1024 * 1024
const size = 24 * MiB
const film = pseudoRandomBytes(size)
const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

async function begin(
  options: { uploadLimit?: number; directory?: string } = {},
): Promise<{ home: TestHome; seeder: Seeder }> {
  const seeder = await startSeeder({
    files: { 'film.mp4': film },
    pieceBytes: 256 * 1024,
    ...(options.uploadLimit ? { uploadLimit: options.uploadLimit } : {}),
  })
  running.push(seeder)
  const home = await startTestHome(options.directory ?? temporaryDirectory())
  running.push(home)
  await home.learn('source-1', seeder.source, 'film.mp4', size)
  return { home, seeder }
}
const get = async (
  home: TestHome,
  changes: Partial<StreamClaims> = {},
  headers: Record<string, string> = { range: 'bytes=0-99' },
) => ask(home.port, `/api/stream/${await home.token(changes)}`, { headers })

/** A client that sends a GET and then reads only when it is told to. */
async function slowClient(home: TestHome, path: string) {
  const socket = connect(home.port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  await new Promise((resolve) => socket.once('readable', resolve))
  socket.pause()
  socket.on('error', () => {})
  return socket
}
const readEnded = (home: TestHome) => home.lines.filter(({ event }) => event === 'read_ended')

describe('tokens', () => {
  it('serves one that fits, and answers with the correlation id of the press of Play', async () => {
    const { home } = await begin()
    const answer = await get(home)
    expect(answer.status).toBe(206)
    expect(answer.body.equals(film.subarray(0, 100))).toBe(true)
    expect(answer.headers['x-correlation-id']).toBe('correlation-1')
    await until(() => readEnded(home).length === 1, 'the log line')
    expect(readEnded(home)[0]).toMatchObject({
      streamId: 'stream-1',
      correlationId: 'correlation-1',
      bytes: 100,
      reason: 'done',
    })
  })

  it.each<[string, number, string, (home: TestHome) => Promise<string> | string]>([
    ['expired', 401, 'token_expired', (home) => home.token({ notBefore: 1, expiresAt: home.clock.now - 1 })],
    ['not yet valid', 401, 'token_invalid', (home) => home.token({ notBefore: home.clock.now + 60 })],
    ['for another agent', 403, 'token_for_another_agent', (home) => home.token({ agentId: 'agent-2' })],
    ['for another file of the source', 403, 'token_for_another_file', (home) => home.token({ path: 'other.mp4' })],
    ['for a path that climbs', 403, 'token_for_another_file', (home) => home.token({ path: '../../state.db' })],
    ['for a source this home does not know', 404, 'not_found', (home) => home.token({ sourceId: 'source-2' })],
    ['without the scope', 403, 'forbidden', (home) => home.token({ scopes: ['thumbnails'] })],
    ['from another key', 401, 'token_invalid', async (home) => (await startMint()).mint(home.claims())],
    ['from a key id that was never published', 401, 'token_invalid', (home) => home.token({ keyId: 'k9' })],
    [
      'revoked',
      401,
      'token_revoked',
      (home) => {
        home.leases.revoke(['stream-1'])
        return home.token()
      },
    ],
    [
      'tampered in its claims',
      401,
      'token_invalid',
      async (home) => {
        const [version, , signature] = (await home.token()).split('.')
        const claims = Buffer.from(JSON.stringify(home.claims({ expiresAt: home.clock.now + 9999 }))).toString(
          'base64url',
        )
        return `${version}.${claims}.${signature}`
      },
    ],
    [
      'tampered in its signature',
      401,
      'token_invalid',
      async (home) => {
        const token = await home.token()
        return token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA')
      },
    ],
    [
      'without a signature',
      401,
      'token_invalid',
      async (home) => (await home.token()).split('.').slice(0, 2).join('.'),
    ],
    ['of another version', 401, 'token_invalid', async (home) => (await home.token()).replace('v1.', 'v2.')],
    ['nonsense', 401, 'token_invalid', () => 'hello'],
  ])('refuses one that is %s, on the film and its status, and serves nothing', async (_what, status, code, token) => {
    const { home, seeder } = await begin()
    const path = `/api/stream/${await token(home)}`
    for (const resource of ['', '/status']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask(home.port, path + resource, { method })
        expect(answer.status).toBe(status)
        if (method === 'GET') expect(JSON.parse(answer.body.toString()).error.code).toBe(code)
        expect(answer.headers['content-type']).toContain('application/json')
        expect(answer.headers).not.toHaveProperty('etag')
      }
    }
    expect(seeder.uploadedBytes()).toBe(0)
  })

  it('never writes one to the log', async () => {
    const { home } = await begin()
    const token = await home.token()
    await ask(home.port, `/api/stream/${token}`, { headers: { range: 'bytes=0-9' } })
    await ask(home.port, `/api/stream/${token}x`)
    await until(() => readEnded(home).length === 1, 'the log line')
    expect(JSON.stringify(home.lines)).not.toContain(token.split('.')[1]?.slice(0, 20))
  })
})

describe('leases at the door', () => {
  it('ends a response that runs when its stream is revoked, also for a client that reads nothing', async () => {
    const { home, seeder } = await begin()
    const path = `/api/stream/${await home.token()}`
    const clients = [await slowClient(home, path), await slowClient(home, path)]
    await untilSteady(seeder.uploadedBytes)
    expect(home.lines.filter(({ event }) => event === 'read_ended')).toEqual([])
    home.leases.revoke(['stream-1'])
    await until(() => readEnded(home).length === 2, 'the end of both')
    for (const client of clients) client.destroy()
  })

  it('ends a response when its lease does', async () => {
    const { home } = await begin({ uploadLimit: 300_000 })
    const answering = get(home, { expiresAt: home.clock.now + 1 }, {})
    setTimeout(() => {
      home.clock.now += 2
    }, 300)
    const answer = await answering
    expect(answer.status).toBe(200)
    expect(answer.isWhole).toBe(false)
    expect(answer.body.equals(film.subarray(0, answer.body.length))).toBe(true)
  })

  it('lets the old URL play on when the renewed one was shown at status, over a restart too', async () => {
    const directory = temporaryDirectory()
    const { home, seeder } = await begin({ directory })
    const old = await home.token()
    expect((await ask(home.port, `/api/stream/${old}`, { headers: { range: 'bytes=0-0' } })).status).toBe(206)
    const renewed = await home.token({ counter: 1, expiresAt: home.clock.now + 900 })
    await ask(home.port, `/api/stream/${renewed}/status`, { method: 'HEAD' })
    home.clock.now += 600
    expect((await ask(home.port, `/api/stream/${old}`, { headers: { range: 'bytes=0-0' } })).status).toBe(206)

    running.splice(running.indexOf(home), 1)
    await home.stop()
    const after = await startTestHome(directory, home.mint)
    running.push(after)
    after.clock.now = home.clock.now
    const answer = await ask(after.port, `/api/stream/${old}`, { headers: { range: 'bytes=100-199' } })
    expect(answer.body.equals(film.subarray(100, 200))).toBe(true)
    after.clock.now += 301
    expect((await ask(after.port, `/api/stream/${old}`)).status).toBe(401)
    expect(seeder.uploadedBytes()).toBeGreaterThan(0)
  })
})

describe('other pages', () => {
  const app = 'https://porchlight.example'
  it('lets the app read the answer, errors too', async () => {
    const { home } = await begin()
    for (const path of [`/api/stream/${await home.token()}`, '/api/stream/bad', '/health', '/nothing']) {
      const answer = await ask(home.port, path, { method: 'HEAD', headers: { origin: app } })
      expect(answer.headers['access-control-allow-origin']).toBe(app)
    }
  })

  it('lets no other page read it', async () => {
    const { home } = await begin()
    const answer = await get(home, {}, { origin: 'https://evil.example', range: 'bytes=0-0' })
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    expect(answer.headers.vary).toBe('origin')
  })

  it('answers the app’s preflight, private network included, and refuses others', async () => {
    const { home } = await begin()
    const path = `/api/stream/${await home.token()}`
    const preflight = (origin: string) =>
      ask(home.port, path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'range',
          'access-control-request-private-network': 'true',
        },
      })
    const allowed = await preflight(app)
    expect(allowed.status).toBe(204)
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-private-network': 'true',
    })
    const refused = await preflight('https://evil.example')
    expect(refused.status).toBe(403)
    expect(JSON.parse(refused.body.toString()).error.code).toBe('cross_site')
    expect(refused.headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('status', () => {
  it('tells at once, then as things change, and keeps the film open without fetching it', async () => {
    const { home, seeder } = await begin()
    const client = await slowClient(home, `/api/stream/${await home.token()}/status`)
    let text = ''
    client.on('data', (bytes) => {
      text += bytes
    })
    client.resume()
    const events = () =>
      [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => StreamStatus.parse(JSON.parse(json ?? '')))
    await until(() => events().length >= 1, 'the first event')
    expect(events()[0]).toMatchObject({ downloadedBytes: 0, sizeBytes: size, buffered: [] })
    expect(await untilSteady(seeder.uploadedBytes)).toBe(0)
    await get(home, {}, { range: 'bytes=0-300000' })
    await until(() => (events().at(-1)?.downloadedBytes ?? 0) > 0, 'progress')
    expect(events().at(-1)).toMatchObject({ peers: 1, buffered: [[0, expect.any(Number)]] })
    expect(text).toContain('content-type: text/event-stream')
    client.destroy()
    await until(() => readEnded(home).length === 2, 'the end of both')
  })

  it('says that a film waits for the VPN while that is away', async () => {
    const { home } = await begin()
    home.vpn.isDown = true
    const client = await slowClient(home, `/api/stream/${await home.token()}/status`)
    let text = ''
    client.on('data', (bytes) => (text += bytes))
    client.resume()
    const last = () => {
      const [, json] = [...text.matchAll(/^data: (.*)$/gm)].at(-1) ?? []
      return json === undefined ? undefined : StreamStatus.parse(JSON.parse(json))
    }
    await until(() => last()?.waiting === 'vpn', 'the word')
    home.vpn.isDown = false
    await until(() => last()?.waiting === undefined, 'the VPN to be back')
    client.destroy()
  })
})

describe('clients', () => {
  it('reads no further than a window ahead of one that is paused, and stops when it leaves', async () => {
    const { home, seeder } = await begin()
    const client = await slowClient(home, `/api/stream/${await home.token()}`)
    const fetched = await untilSteady(seeder.uploadedBytes, 1000)
    expect(fetched).toBeLessThan(size)
    client.destroy()
    await until(() => readEnded(home).length === 1, 'the end')
    expect(readEnded(home)[0]).toMatchObject({ reason: 'left' })
    expect(await untilSteady(seeder.uploadedBytes)).toBeLessThanOrEqual(fetched + 512 * 1024)
  })

  it('stops the download of one that vanishes while its piece is still to come', async () => {
    const { home, seeder } = await begin({ uploadLimit: 500_000 })
    const abort = new AbortController()
    const path = `/api/stream/${await home.token()}`
    const asking = ask(home.port, path, { headers: { range: `bytes=${12 * MiB}-` }, signal: abort.signal }).catch(
      () => {},
    )
    await until(() => seeder.uploadedBytes() > 0, 'a running download')
    abort.abort()
    await asking
    await until(() => readEnded(home).length === 1, 'the end')
    const after = seeder.uploadedBytes()
    expect((await untilSteady(seeder.uploadedBytes)) - after).toBeLessThan(2 * MiB)
  })

  it('serves several of one file at once', async () => {
    const { home } = await begin()
    const ranges = [0, 5, 10, 15].map((at) => [at * MiB, at * MiB + 300_000] as const)
    const answers = await Promise.all(ranges.map(([from, to]) => get(home, {}, { range: `bytes=${from}-${to}` })))
    answers.forEach((answer, index) => {
      const [from, to] = ranges[index] ?? [0, 0]
      expect(answer.body.equals(film.subarray(from, to + 1))).toBe(true)
    })
  })
})

describe('everything else', () => {
  it('answers /health without a token and without telling much', async () => {
    const { home } = await begin()
    const answer = await ask(home.port, '/health?x=1')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body.toString())).toEqual({ status: 'ok' })
  })

  it.each([
    '/',
    '/api/stream',
    '/api/stream/',
    '/api/stream/a/b',
    '/api/stream/a/file',
    '/index.html',
    '/../health',
    '//health',
    '/health/',
  ])('knows nothing at %s', async (path) => {
    const { home } = await begin()
    const answer = await ask(home.port, path)
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.body.toString()).error.code).toBe('not_found')
  })

  it('names the methods it allows', async () => {
    const { home } = await begin()
    const answer = await ask(home.port, '/health', { method: 'PUT' })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
  })

  it('takes a correlation id that is well formed, and no other', async () => {
    const { home } = await begin()
    const sent = async (id: string) =>
      (await ask(home.port, '/health', { headers: { 'x-correlation-id': id } })).headers['x-correlation-id']
    expect(await sent('abcdefgh-123')).toBe('abcdefgh-123')
    expect(await sent('x')).toMatch(/^[0-9a-f]{16}$/)
  })
})
