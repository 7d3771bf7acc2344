/** An agent gets a certificate of its own by a real authority, with names that the edge publishes, and plays over it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { bigBuckBunnyFile } from '../node-agent/testing/big-buck-bunny.ts'
import { startDnsServer } from '../node-agent/testing/dns-server.ts'
import { type Pebble, startPebble } from '../node-agent/testing/pebble.ts'
import { until } from '../node-agent/testing/until.ts'
import { freePort } from '../start/ports.ts'
import { play } from './edge-client.ts'
import { type FilmHome, startFilmHome } from './film-home.ts'
import { shareFilms } from './share-films.ts'
import { startZone, ZONE, type ZoneStandIn } from './upstreams/zone.ts'

const Agents = z.object({
  agents: z.array(
    z.object({ addresses: z.array(z.string()), certificate: z.object({ state: z.string() }).nullable() }),
  ),
})

let home: FilmHome
let zone: ZoneStandIn
let pebble: Pebble
const closing: (() => unknown)[] = []

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-certificate-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  zone = await startZone()
  closing.push(zone.close)
  const dns = await startDnsServer(() => zone.records)
  closing.push(dns.close)
  pebble = await startPebble(folder, { dnsServer: dns.at, certificateSeconds: 90 * 86_400 })
  closing.push(pebble.close)
  const agentPort = await freePort()
  const shared = await shareFilms([{ name: 'A Lamp at Dusk', path: bigBuckBunnyFile }])
  home = await startFilmHome(shared, {
    agentPort,
    agentAddresses: [`http://localhost:${agentPort}`, `http://192.168.77.5:${agentPort}`],
    edgeSettings: {
      DNS_ZONE_ID: ZONE.id,
      DNS_ZONE_NAME: ZONE.name,
      DNS_API_TOKEN: ZONE.token,
      DNS_API_URL: `${zone.origin}/client/v4`,
    },
    agentEnv: {
      NODE_EXTRA_CA_CERTS: pebble.caFile,
      PORCHLIGHT_ACME: 'on',
      PORCHLIGHT_ACME_TERMS: 'agreed',
      PORCHLIGHT_ACME_DIRECTORY: pebble.directoryUrl,
      PORCHLIGHT_ACME_SETTLE_SECONDS: '0',
      PORCHLIGHT_HTTPS_PORT: '0',
    },
  })
  closing.push(home.stop)
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

const readAgent = async () => Agents.parse(await (await home.client.call('GET', '/api/agents')).json()).agents[0]

/** Over TLS by the name, whose address is this machine for once; trusted is the authority and nobody else. */
async function read(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Buffer }> {
  const { hostname, port, pathname } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Buffer }>()
  httpsRequest(
    {
      host: '127.0.0.1',
      servername: hostname,
      port,
      path: pathname,
      ca: pebble.root,
      headers: { host: hostname, ...headers },
    },
    async (response) => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(await response.toArray()) }),
  )
    .on('error', reject)
    .end()
  return promise
}

async function serialAt(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const socket = connect({ host: '127.0.0.1', port: Number(port), servername: hostname, ca: pebble.root }, () =>
    resolve(socket),
  ).on('error', reject)
  const { serialNumber } = (await promise).getPeerCertificate()
  socket.destroy()
  return serialNumber
}

const namedAddress = async (): Promise<string> => {
  let named: string | undefined
  await until(
    async () => {
      named = (await readAgent())?.addresses.find((address) => address.startsWith('https:'))
      return named !== undefined
    },
    'an address with a certificate',
    60_000,
  )
  return named ?? ''
}

describe('a certificate of the agent’s own', () => {
  it('comes by itself, for a name of its address in the operator’s zone', async () => {
    const address = await namedAddress()
    expect(address).toMatch(/^https:\/\/192-168-77-5\.[0-9a-f]{20}\.home\.test:\d+$/)
    const { hostname } = new URL(address)
    expect(zone.records).toMatchObject([{ type: 'A', name: hostname, content: '192.168.77.5' }])
    expect((await readAgent())?.certificate).toEqual({ state: 'held' })
    const { status, body } = await read(`${address}/health`)
    expect([status, JSON.parse(body.toString()).link]).toEqual([200, 'connected'])
  })

  it('carries a film, by the same token and the same handler as plain HTTP', async () => {
    const stream = await play(home.client, /A Lamp at Dusk/)
    const url = stream.urls.find((one) => one.url.startsWith('https:'))?.url ?? ''
    const { status, body } = await read(url, { range: 'bytes=0-65535' })
    expect([status, body.length, body.toString('latin1', 4, 8)]).toEqual([206, 65_536, 'ftyp'])
    expect((await read(url.replace(/.$/, '~'))).status).toBeGreaterThanOrEqual(400)
  })

  it('outlives its agent’s restart, without another order', async () => {
    const address = await namedAddress()
    const before = await serialAt(address)
    await home.agent.stop()
    await pebble.close()
    await home.restartAgent()
    await until(async () => (await namedAddress()) !== address, 'the new door', 60_000)
    expect(await serialAt(await namedAddress())).toBe(before)
  })
})
