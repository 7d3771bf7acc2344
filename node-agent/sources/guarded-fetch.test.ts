/** Through real sockets: what a provider's host may do to us, and where it may not lead us. */
import type { lookup as dnsLookup } from 'node:dns'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPrivateAddress } from '../private-address.ts'
import { retryAfterSeconds } from '../retry-after.ts'
import { sendText, sendWithoutEnd, startStandInServer } from '../testing/upstreams/stand-in-server.ts'
import { createGuardedFetch } from './guarded-fetch.ts'

const KEY = 'topsecretkey'
const live = () => new AbortController().signal
const noPace = { turn: async () => {} }
const asking = { mostBytes: 100_000, accept: '*/*' }
const resolvesTo = (addresses: string[]) =>
  ((_host: string, _options: object, done: (error: null, all: object[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof dnsLookup
const fetchOf = (entered: string[], more: { timeoutSeconds?: number; lookup?: typeof dnsLookup } = {}) =>
  createGuardedFetch({ entered, timeoutSeconds: 5, pace: noPace, userAgent: 'test', ...more })

/** Answers with one function, at an address that the operator entered. */
async function serverOf(answer: (url: URL, response: ServerResponse) => void, timeoutSeconds = 5) {
  const server = await startStandInServer(answer)
  const fetched = (path: string, more: object = {}) =>
    fetchOf([server.origin], { timeoutSeconds })(new URL(`${server.origin}${path}?apikey=${KEY}`), {
      ...asking,
      signal: live(),
      ...more,
    })
  return { ...server, fetched }
}

describe('a guarded fetch', () => {
  it('answers with status, headers and bytes, also packed ones', async () => {
    const { fetched } = await serverOf((_url, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'x-kind': 'packed' })
      response.end(gzipSync('hello'))
    })
    const { status, headers, bytes } = await fetched('/')
    expect([status, headers['x-kind'], bytes.toString()]).toEqual([200, 'packed', 'hello'])
  })

  it.each([
    ['http://localhost/'],
    ['https://127.0.0.1/'],
    ['https://[::1]/'],
    ['https://[::ffff:10.0.0.1]/'],
    ['https://169.254.169.254/latest/meta-data'],
    ['https://2130706433/'],
    ['https://user:secret@public.example/'],
    ['http://public.example/'],
    ['ftp://public.example/'],
    ['file:///etc/passwd'],
  ])('never asks %s', async (address) => {
    const request = fetchOf([], { lookup: resolvesTo(['127.0.0.1']) })(new URL(address), { ...asking, signal: live() })
    await expect(request).rejects.toMatchObject({ reason: 'not_allowed' })
  })

  it.each([[['10.1.2.3']], [['8.8.8.8', '192.168.1.1']], [['fd00::1']], [['::ffff:127.0.0.1']], [[]]])(
    'refuses a public name that leads home: %j',
    async (addresses) => {
      const request = fetchOf([], { lookup: resolvesTo(addresses) })(new URL('https://public.example/'), {
        ...asking,
        signal: live(),
      })
      await expect(request).rejects.toMatchObject({ reason: expect.stringMatching(/not_allowed|unreachable/) })
    },
  )

  it('follows a redirect within the address that was entered, and from it to no other place at home', async () => {
    const other = await startStandInServer((_url, response) => sendText(response, 'the neighbour'))
    const { origin, fetched } = await serverOf((url, response) => {
      const to = { '/near': `${origin}/here`, '/home': `${other.origin}/admin`, '/loop': '/loop' }[url.pathname]
      if (to === undefined) return sendText(response, 'here')
      response.writeHead(302, { location: to }).end()
    })
    expect((await fetched('/near')).bytes.toString()).toBe('here')
    await expect(fetched('/home')).rejects.toMatchObject({ reason: 'not_allowed' })
    await expect(fetched('/loop')).rejects.toMatchObject({ reason: 'malformed' })
    expect(other.asked).toEqual([])
    expect((await fetched('/home', { keepsRedirects: true })).status).toBe(302)
  })

  it.each([
    ['never ends', 'too_large', sendWithoutEnd],
    [
      'unpacks into far more than it is',
      'too_large',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-encoding': 'gzip' })
        response.end(gzipSync(Buffer.alloc(10_000_000)))
      },
    ],
    [
      'is packed in an unknown way',
      'malformed',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-encoding': 'zstd' })
        response.end('x')
      },
    ],
    [
      'breaks off',
      'unreachable',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '5000', 'content-encoding': 'gzip' })
        response.write(gzipSync('hello').subarray(0, 12))
        setImmediate(() => response.destroy())
      },
    ],
    ['never begins', 'timed_out', () => {}],
    ['asks for the key', 'refused', (response: ServerResponse) => sendText(response, 'no', 'text/html', 403)],
    ['is broken itself', 'refused', (response: ServerResponse) => sendText(response, 'oh', 'text/html', 500)],
  ] as const)('ends an answer that %s (%s), and does not tell the key', async (_what, reason, answer) => {
    const { fetched } = await serverOf((_url, response) => answer(response), reason === 'timed_out' ? 0.2 : 5)
    const failure: unknown = await fetched('/').catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'ProviderFailure', reason })
    expect(tellingOf(failure)).not.toContain(KEY)
  })

  it('hears how long it is asked to wait', async () => {
    const { fetched } = await serverOf((_url, response) => {
      response.writeHead(429, { 'retry-after': '120' }).end()
    })
    await expect(fetched('/')).rejects.toMatchObject({ reason: 'busy', retryAfterSeconds: 120 })
  })

  it('ends with whoever asked, and with the way out', async () => {
    const left = new AbortController()
    const { origin, fetched } = await serverOf(() => left.abort(new Error('gone')))
    await expect(fetched('/', { signal: left.signal })).rejects.toThrow('gone')

    const shut = new AbortController()
    const guarded = createGuardedFetch({
      ...{ entered: [origin], timeoutSeconds: 5, pace: noPace, userAgent: 'test' },
      wayOut: { open: async () => shut.signal, localAddress: () => undefined },
    })
    const request = guarded(new URL(origin), { ...asking, signal: live() })
    shut.abort()
    await expect(request).rejects.toMatchObject({ reason: 'unreachable', message: 'nothing may leave now' })
  })

  it('binds to the address it is given', async () => {
    const seen: (string | undefined)[] = []
    const { origin } = await startStandInServer((_url, response, request) => {
      seen.push(request.socket.remoteAddress)
      sendText(response, 'ok')
    })
    await createGuardedFetch({
      ...{ entered: [origin], timeoutSeconds: 5, pace: noPace, userAgent: 'test' },
      wayOut: { open: async (signal) => signal, localAddress: () => '127.0.0.2' },
    })(new URL(origin), { ...asking, signal: live() })
    expect(seen).toEqual(['127.0.0.2'])
  })

  it('looks names up as the way out does', async () => {
    const { origin } = await startStandInServer((_url, response) => sendText(response, 'ok'))
    const named = origin.replace('127.0.0.1', 'index.example')
    const asked: string[] = []
    const lookup = ((name: string, _options: object, done: (error: null, found: object[]) => void) => {
      asked.push(name)
      done(null, [{ address: '127.0.0.1', family: 4 }])
    }) as unknown as typeof dnsLookup
    await createGuardedFetch({
      ...{ entered: [named], timeoutSeconds: 5, pace: noPace, userAgent: 'test' },
      wayOut: { open: async (signal) => signal, localAddress: () => undefined, lookup },
    })(new URL(named), { ...asking, signal: live() })
    expect(asked).toEqual(['index.example'])
  })
})

/** All that a log would write of it. */
function tellingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.stack} ${error.cause === undefined ? '' : tellingOf(error.cause)}`
}

describe('isPrivateAddress', () => {
  it('knows every address of the home ranges, however it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    const home = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    )
    fc.assert(
      fc.property(home, (parts) => isPrivateAddress(parts.join('.')) && isPrivateAddress(`::ffff:${parts.join('.')}`)),
    )
  })

  it.each(['8.8.8.8', '207.241.224.2', '2606:4700::1111', '172.32.0.1', '100.128.0.1'])('lets %s pass', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })

  it.each(['', 'localhost', '::1', '::', 'fe80::1%eth0', 'fd12::1', '64:ff9b::7f00:1', '2002:7f00:1::', '224.0.0.1'])(
    'holds %s back',
    (address) => {
      expect(isPrivateAddress(address)).toBe(true)
    },
  )
})

describe('retryAfterSeconds', () => {
  const now = Date.parse('Sun, 22 Nov 2026 12:00:00 GMT')
  it.each([
    ['30', 30],
    ['Sun, 22 Nov 2026 12:01:00 GMT', 60],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (header, seconds) => expect(retryAfterSeconds(header, now)).toBe(seconds))
})
