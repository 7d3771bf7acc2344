/** The agent as an operator meets it: its words, its exit codes, its pairing, and what survives a kill -9. */
import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { digestBody, SignedRequestHeaders, verifyRequest } from '#protocol/agent-proof.ts'
import { OpenReply } from '#protocol/agent-requests.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { PairingRequest } from '#protocol/pairing.ts'
import { Offers, type TorrentSource } from '#protocol/source.ts'
import { type AgentProcess, startAgentProcess } from './testing/agent-process.ts'
import { readBigBuckBunny } from './testing/big-buck-bunny.ts'
import { type FakeHub, startFakeHub } from './testing/fake-hub.ts'
import { startSeeder } from './testing/seeder.ts'
import { temporaryDirectory } from './testing/temporary-directory.ts'
import { ask, startMint } from './testing/test-home.ts'
import { until } from './testing/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const stops: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const start = (environment: Record<string, string>): AgentProcess => {
  const agent = startAgentProcess(environment)
  stops.push(() => agent.kill('SIGKILL'))
  return agent
}
const event = (agent: AgentProcess, name: string) => agent.lines.findLast((line) => line.event === name)
const portOf = async (agent: AgentProcess): Promise<number> => {
  await until(() => event(agent, 'agent_started') !== undefined, 'the start', 30_000)
  return Number(event(agent, 'agent_started')?.port)
}
const linkOf = async (port: number) => JSON.parse((await ask(port, '/health')).body.toString()).link

/** An edge with a hub, a pairing desk that one call of `confirm` opens, and a catalog that listens. */
async function startEdge() {
  const mint = await startMint()
  const agentKey = { publicKey: '' }
  const seen = {
    pairings: [] as PairingRequest[],
    offers: [] as { offers: Offers; headers: SignedRequestHeaders; body: string }[],
  }
  let isConfirmed = false
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const hub = await startFakeHub(agentKey, [mint.verificationKey], async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    if (request.url === '/api/agents/pairings') {
      const pairing = PairingRequest.parse(JSON.parse(body))
      seen.pairings.push(pairing)
      agentKey.publicKey = pairing.publicKey
      if (pairing.localSecret) isConfirmed = true
      json(response, 201, {
        userCode: 'ABCD-EFGH',
        verifyUrl: 'https://porchlight.example/pair?code=ABCD-EFGH',
        pollToken: 'poll-token-of-more-than-twenty-characters',
        expiresInSeconds: 600,
        pollEverySeconds: 1,
      })
    } else if (request.url === '/api/agents/pairings/poll') {
      const paired = { status: 'paired', agentId: 'agent-1', verificationKeys: [mint.verificationKey] }
      json(response, 200, isConfirmed ? paired : { status: 'waiting' })
    } else if (request.url === '/health') {
      json(response, 200, { status: 'ok' })
    } else {
      const headers = SignedRequestHeaders.parse(request.headers)
      seen.offers.push({ offers: Offers.parse(JSON.parse(body)), headers, body })
      response.writeHead(204).end()
    }
  })
  stops.push(() => hub.stop())
  return {
    hub,
    mint,
    seen,
    confirm: (yes = true) => {
      isConfirmed = yes
    },
  }
}
const environmentOf = (hub: FakeHub, stateDir: string, more: Record<string, string> = {}) => ({
  PORCHLIGHT_EDGE_URL: hub.url,
  PORCHLIGHT_STATE_DIR: stateDir,
  PORCHLIGHT_HTTP_HOST: '127.0.0.1',
  PORCHLIGHT_HTTP_PORT: '0',
  PORCHLIGHT_NAME: 'Attic',
  ...more,
})

async function openFilm(hub: FakeHub, source: TorrentSource): Promise<OpenReply> {
  const id = hub.ask(
    { kind: 'open', streamId: 'stream-1', sourceId: 'source-1', source, file: {}, startSeconds: 0 },
    { deadlineSeconds: 30 },
  )
  const reply = () => hub.messages.find((message) => message.type === 'reply' && message.id === id)
  await until(() => reply() !== undefined, 'the reply', 30_000)
  const message = reply()
  return OpenReply.parse(message?.type === 'reply' ? message.value : undefined)
}

describe('an agent that cannot start', () => {
  it('names the setting that is missing', async () => {
    const agent = start({})
    expect(await agent.ended).toBe(1)
    expect(agent.errors).toEqual(['PORCHLIGHT_EDGE_URL is missing: set it to the address of your Porchlight.'])
  })

  it.each([['PORCHLIGHT_HTTP_PORT'], ['PORCHLIGHT_PEER_PORT']])(
    'says plainly that the port in %s is taken',
    async (name) => {
      const other = createServer().listen(0)
      stops.push(() => other.close())
      await new Promise((resolve) => other.once('listening', resolve))
      const { port } = other.address() as { port: number }
      const agent = start({
        PORCHLIGHT_EDGE_URL: 'http://localhost:1',
        PORCHLIGHT_STATE_DIR: temporaryDirectory(),
        PORCHLIGHT_HTTP_PORT: '0',
        [name]: String(port),
      })
      expect(await agent.ended).toBe(1)
      expect(agent.errors).toEqual([expect.stringMatching(new RegExp(`^Port ${port}.*in use.*${name}`))])
    },
  )

  it('names a certificate that cannot be read', async () => {
    const agent = start({
      PORCHLIGHT_EDGE_URL: 'http://localhost:1',
      PORCHLIGHT_STATE_DIR: temporaryDirectory(),
      PORCHLIGHT_TLS_CERT_FILE: '/nowhere/cert.pem',
      PORCHLIGHT_TLS_KEY_FILE: '/nowhere/key.pem',
    })
    expect(await agent.ended).toBe(1)
    expect(agent.errors.join()).toContain('PORCHLIGHT_TLS_CERT_FILE')
  })
})

describe('a new agent', () => {
  it('shows its code and a QR code, goes on by itself when a person has confirmed, and offers its films', async () => {
    const { hub, seen, confirm } = await startEdge()
    const directory = temporaryDirectory()
    const catalog = join(directory, 'catalog.json')
    const offers: Offers = {
      provider: 'demo',
      offers: [
        {
          key: 'demo:film',
          title: {
            name: 'Film',
            year: 2008,
            runtimeMinutes: 1,
            overview: '',
            licence: 'CC BY 3.0',
            credit: 'somebody',
          },
          source: { infoHash: 'a'.repeat(40) },
          file: {},
          sizeBytes: 10,
        },
      ],
    }
    writeFileSync(catalog, JSON.stringify(offers))
    const agent = start(environmentOf(hub, join(directory, 'state'), { SOURCE_DEMO_CATALOG: catalog }))
    const port = await portOf(agent)
    await until(() => agent.said().includes('ABCD-EFGH'), 'the code')
    expect(agent.said()).toContain('█')
    expect(await linkOf(port)).toBe('unpaired')
    confirm()
    await until(async () => (await linkOf(port)) === 'connected', 'the connection')
    expect(hub.hellos[0]?.capabilities).toMatchObject({
      name: 'Attic',
      addresses: [`http://127.0.0.1:${port}`],
      relay: true,
    })
    await until(() => seen.offers.length === 1, 'the offers')
    const [posted] = seen.offers
    expect(posted?.offers).toEqual(offers)
    const headers = SignedRequestHeaders.parse(posted?.headers)
    const key = await importPublicKey(seen.pairings[0]?.publicKey ?? '')
    const signed = { method: 'POST', path: '/api/catalog/offers', headers }
    expect(await verifyRequest(key, signed, Date.now() / 1000)).toBe(true)
    expect(headers['x-agent-body-digest']).toBe(await digestBody(posted?.body ?? ''))
    hub.socket().terminate()
    await until(() => seen.offers.length === 2, 'the offers again', 30_000)
    await agent.kill('SIGTERM')
    expect(await agent.ended).toBe(0)
  })

  it('pairs by itself on the machine of the edge, but not again when a person has removed it', async () => {
    const { hub, seen, confirm } = await startEdge()
    const agent = start(
      environmentOf(hub, temporaryDirectory(), { PORCHLIGHT_LOCAL_PAIRING_SECRET: 'a-secret-of-enough-length' }),
    )
    const port = await portOf(agent)
    await until(async () => (await linkOf(port)) === 'connected', 'the connection')
    expect(agent.said()).not.toContain('ABCD-EFGH')
    confirm(false)
    hub.say(JSON.stringify({ type: 'refused', error: { code: 'not_found', message: 'Removed by Anna.' } }))
    await until(() => agent.said().includes('ABCD-EFGH'), 'a new code')
    expect(agent.said()).toContain('was removed')
    expect(seen.pairings.map(({ localSecret }) => localSecret)).toEqual(['a-secret-of-enough-length', undefined])
    expect(await linkOf(port)).toBe('unpaired')
    confirm()
    await until(async () => (await linkOf(port)) === 'connected', 'the connection')
  })
})

describe('an agent that is killed', () => {
  it('comes back with what it had, hashes next to nothing, and serves the same link without the edge', async () => {
    const film = readBigBuckBunny()
    const seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: 64 * 1024, uploadLimit: 1_500_000 })
    stops.push(() => seeder.stop())
    const { hub, mint } = await startEdge()
    const stateDir = temporaryDirectory()
    const environment = environmentOf(hub, stateDir, { PORCHLIGHT_LOCAL_PAIRING_SECRET: 'a-secret-of-enough-length' })
    const first = start(environment)
    let port = await portOf(first)
    await until(() => hub.hellos.length === 1, 'the hello', 30_000)

    const opened = await openFilm(hub, seeder.source)
    expect(opened).toMatchObject({ path: 'film.mp4', sizeBytes: film.length, contentType: 'video/mp4' })
    expect(opened.tracks.video[0]?.codec).toBe('avc1.640028')
    expect(hub.messages.filter((message) => message.type === 'stage').map((message) => message.stage)).toEqual(
      expect.arrayContaining(['peers', 'probing', 'ready']),
    )
    const now = Math.floor(Date.now() / 1000)
    const token = await mint.mint({
      keyId: mint.verificationKey.keyId,
      streamId: 'stream-1',
      personId: 'person-1',
      sessionId: 'session-1',
      agentId: 'agent-1',
      sourceId: 'source-1',
      path: opened.path,
      scopes: ['media'],
      notBefore: now,
      expiresAt: now + 300,
      counter: 0,
      correlationId: 'correlation-1',
    })
    const path = `/api/stream/${token}`
    void ask(port, path, { headers: { range: 'bytes=0-' } }).catch(() => {})
    await until(() => seeder.uploadedBytes() > 10_000_000, 'half the film', 30_000)
    await first.kill('SIGKILL')
    hub.goAway()
    const before = seeder.uploadedBytes()

    const second = start(environment)
    port = await portOf(second)
    const answer = await ask(port, path, { headers: { range: 'bytes=0-3999999' } })
    expect(answer.status, answer.body.toString('utf8', 0, 300)).toBe(206)
    expect(answer.body.equals(film.subarray(0, 4_000_000))).toBe(true)
    const ready = event(second, 'torrent_ready')
    expect(ready?.correlationId).toBe('correlation-1')
    expect(ready?.verifiedPieces).toBeGreaterThan(60)
    expect(ready?.checkedPieces).toBeLessThanOrEqual(2)

    const rest = await ask(port, path)
    expect(rest.body.equals(film)).toBe(true)
    // Only what was not on disk yet came over the wire again: the rest of the film and a second's worth of pieces.
    expect(seeder.uploadedBytes() - before).toBeLessThan(
      film.length - Number(ready?.verifiedPieces) * 64 * 1024 + 128 * 1024,
    )
  })
})
