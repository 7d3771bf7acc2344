/** A certificate by ACME, with Debian's pebble and a name server that shows what was published. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { Agent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { NamesRequest } from '#protocol/agent-names.ts'
import { AppError } from '#protocol/errors.ts'
import { createLog } from '../log.ts'
import { type DnsRecord, startDnsServer } from '../testing/dns-server.ts'
import { type Pebble, startPebble } from '../testing/pebble.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { loadAcme } from './acme-client.ts'
import { type KeptCertificate, openCertificateStore } from './certificate-store.ts'
import { createCertificateKeeper } from './keep-certificate.ts'
import { createOrderCertificate } from './order-certificate.ts'

const domain = 'abc123.home.test'
/** What stands in the zone. */
let zone: DnsRecord[] = []
let pebble: Pebble
const closing: (() => unknown)[] = []

beforeAll(async () => {
  const dns = await startDnsServer(() => zone)
  closing.push(dns.close)
  pebble = await startPebble(
    temporaryDirectory((remove) => closing.push(remove)),
    { dnsServer: dns.at, certificateSeconds: 90 * 86_400, rejectNonces: 20 },
  )
  closing.push(pebble.close)
  const { axios } = await loadAcme()
  axios.defaults.httpsAgent = new Agent({ ca: pebble.ca })
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

/** A keeper at a time of the test's choosing; `publish` puts into the zone what it is asked to, or something else. */
async function keeping(
  change: { publish?: (names: NamesRequest) => void; directoryUrl?: string; directory?: string } = {},
) {
  zone = []
  const directory = change.directory ?? join(temporaryDirectory(), 'certificate')
  const store = openCertificateStore(directory)
  const clock = { now: Math.floor(Date.now() / 1000) }
  const asked: NamesRequest[] = []
  const shown: KeptCertificate[] = []
  const lines: string[] = []
  const keeper = await createCertificateKeeper({
    store,
    publish: async (names) => {
      asked.push(names)
      change.publish?.(names)
      zone = names.challenges.map((content) => ({ type: 'TXT', name: `_acme-challenge.${domain}`, content }))
      return { name: domain }
    },
    order: createOrderCertificate({
      directoryUrl: change.directoryUrl ?? pebble.directoryUrl,
      ...{ email: 'porch@example.org', settleSeconds: 0 },
    }),
    onCertificate: async (certificate) => void shown.push(certificate),
    now: () => clock.now,
    random: () => 0,
    log: createLog((line) => lines.push(line)),
  })
  const tend = (addresses = ['192.168.1.20']) => keeper.tend(addresses, AbortSignal.timeout(30_000))
  return { keeper, tend, clock, asked, shown, lines, directory, store }
}

const dueAt = ({ notBefore, notAfter }: KeptCertificate) => Math.ceil(notBefore + ((notAfter - notBefore) * 2) / 3)

/** An authority in front of pebble's directory that answers what a test orders for new orders. */
async function startFrontFor(status: number, headers: Record<string, string>, body: object): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    response.setHeader('replay-nonce', 'AAAA')
    if (request.url === '/dir') {
      const directory = { newNonce: `${origin}/nonce`, newAccount: `${origin}/account`, newOrder: `${origin}/o` }
      return void response.setHeader('content-type', 'application/json').end(JSON.stringify(directory))
    }
    if (request.url === '/nonce') return void response.end()
    if (request.url === '/account') {
      return void response.writeHead(201, { location: `${origin}/account/1` }).end('{"status":"valid"}')
    }
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/dir`
}

describe('a certificate of its own', () => {
  it('is for every name below its domain, by the authority asked, with a key that only this user reads', async () => {
    const { keeper, tend, asked, shown, directory } = await keeping()
    await tend()
    const certificate = new X509Certificate(keeper.certificate()?.pem ?? '')
    expect(certificate.subjectAltName).toBe(`DNS:*.${domain}`)
    expect(keeper.problem()).toBeUndefined()
    expect(shown).toHaveLength(1)
    // Addresses first, then the proof beside them, then the addresses alone again.
    expect(asked.map(({ challenges }) => challenges.length)).toEqual([0, 1, 0])
    expect(asked.every(({ addresses }) => addresses.join() === '192.168.1.20')).toBe(true)
    expect(zone).toEqual([])
    for (const name of ['certificate.pem', 'account.key', 'orders.json', 'names.json']) {
      expect([name, (statSync(join(directory, name)).mode & 0o777).toString(8)]).toEqual([name, '600'])
    }
    expect((statSync(directory).mode & 0o777).toString(8)).toBe('700')
  })

  it('is kept through a restart, ordered once, and anew with another key when two thirds of its life are over', async () => {
    const first = await keeping()
    await first.tend()
    await first.tend()
    expect(first.shown).toHaveLength(1)
    const again = await keeping({ directory: first.directory })
    expect(again.shown.map(({ pem }) => pem)).toEqual(first.shown.map(({ pem }) => pem))
    await again.tend()
    expect(again.asked).toEqual([])
    again.clock.now = dueAt(again.shown[0] as KeptCertificate)
    await again.tend()
    expect(again.shown).toHaveLength(2)
    const [old, renewed] = again.shown.map(({ pem }) => new X509Certificate(pem))
    expect(renewed?.serialNumber).not.toBe(old?.serialNumber)
    expect(renewed?.publicKey.export({ type: 'spki', format: 'pem' })).not.toBe(
      old?.publicKey.export({ type: 'spki', format: 'pem' }),
    )
  })

  it('is one order, however often it is looked at meanwhile', async () => {
    const { tend, shown, asked } = await keeping()
    await Promise.all(Array.from({ length: 50 }, () => tend()))
    expect(shown).toHaveLength(1)
    expect(asked).toHaveLength(3)
  })

  it('stays, and the failure is told and rests, when what stands in DNS is not the proof', async () => {
    let isWrong = false
    const { keeper, tend, clock, shown, lines } = await keeping({
      publish: (names) => {
        if (isWrong) names.challenges = names.challenges.map(() => 'x'.repeat(43))
      },
    })
    await tend()
    isWrong = true
    clock.now = dueAt(shown[0] as KeptCertificate)
    await tend()
    expect(keeper.problem()).toEqual({ problem: 'challenge_refused', retryAt: clock.now + 900 })
    expect(keeper.certificate()?.pem).toBe(shown[0]?.pem)
    expect(zone).toEqual([])
    expect(lines.join()).toContain('"reason":"challenge_refused"')
    isWrong = false
    await tend()
    expect(shown).toHaveLength(1)
    clock.now += 901
    await tend()
    expect(shown).toHaveLength(2)
    expect(keeper.problem()).toBeUndefined()
  })

  it.each([
    [429, { 'retry-after': '12120' }, {}, 'rate_limited', 12_120],
    [403, {}, { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many' }, 'rate_limited', 900],
    [503, { 'retry-after': '3600' }, {}, 'authority_away', 3600],
    [400, {}, { type: 'urn:ietf:params:acme:error:malformed', detail: 'no' }, 'failed', 900],
  ])('waits as it is told when the authority answers %i with %j', async (status, headers, body, problem, rest) => {
    const directoryUrl = await startFrontFor(status, headers, body)
    const { keeper, tend, clock, asked, directory } = await keeping({ directoryUrl })
    await tend()
    expect(keeper.problem()).toEqual({ problem, retryAt: clock.now + rest })
    await tend()
    expect(asked).toHaveLength(1)
    // A restart does not ask again either.
    const restarted = await keeping({ directoryUrl, directory })
    await restarted.tend()
    expect(restarted.keeper.problem()).toEqual({ problem, retryAt: clock.now + rest })
  })

  it('waits while nobody is where the authority should be', async () => {
    const { keeper, tend, lines } = await keeping({ directoryUrl: 'https://127.0.0.1:1/dir' })
    await tend()
    expect(keeper.problem()?.problem).toBe('authority_away')
    expect(lines.join()).not.toContain('certificate_error')
  })

  it('waits while the edge publishes nothing, and goes on when it does', async () => {
    let isAway = true
    const { keeper, tend, clock, shown } = await keeping({
      publish: () => {
        if (isAway) throw new AppError('upstream_away', 'The zone does not answer.')
      },
    })
    await tend()
    expect(keeper.problem()).toEqual({ problem: 'names_refused', retryAt: clock.now + 900 })
    expect(keeper.published()).toBeUndefined()
    isAway = false
    clock.now += 901
    await tend()
    expect(shown).toHaveLength(1)
    expect(keeper.problem()).toBeUndefined()
  })

  it('has names for new addresses at once, also while orders rest', async () => {
    const directoryUrl = await startFrontFor(429, { 'retry-after': '90000' }, {})
    const { keeper, tend } = await keeping({ directoryUrl })
    await tend()
    await tend(['192.168.1.99'])
    expect(keeper.published()).toMatchObject({ domain, addresses: ['192.168.1.99'] })
    expect(keeper.problem()?.problem).toBe('rate_limited')
  })

  it('is read from disk only when it is whole', async () => {
    const { tend, directory, store } = await keeping()
    await tend()
    const { pem } = store.certificate() as KeptCertificate
    for (const damaged of [pem.slice(0, pem.length / 4), pem.replace(/-----BEGIN PRIVATE[\s\S]*?KEY-----\n/, ''), '']) {
      store.keepCertificate(damaged)
      expect(openCertificateStore(directory).certificate()).toBeUndefined()
    }
  })
})
