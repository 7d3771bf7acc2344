/** Pairing against an edge over real HTTP, with everything that can come in between. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PairingPoll, PairingRequest } from '#protocol/pairing.ts'
import { createLog } from '../log.ts'
import { pair } from './pair.ts'
import { pairingText } from './show-code.ts'

type Reply = [status: number, body: unknown]
const answer = {
  userCode: 'ABCD-EFGH',
  verifyUrl: 'https://porchlight.example/pair?code=ABCD-EFGH',
  pollToken: 'poll-token-of-more-than-twenty-characters',
  expiresInSeconds: 600,
  pollEverySeconds: 3,
}
const paired = { status: 'paired', agentId: 'agent-1', verificationKeys: [{ keyId: 'k1', publicKey: 'A'.repeat(43) }] }
const waiting: Reply = [200, { status: 'waiting' }]
const refused = (status: number, code: string): Reply => [status, { error: { code, message: 'Because.' } }]
const request = { publicKey: 'B'.repeat(43), name: 'Attic', softwareVersion: '1.0.0' }

/** An edge that gives the listed replies in order; the last one of each kind repeats. */
async function edge(pairings: Reply[], polls: Reply[]) {
  const seen = { pairings: [] as PairingRequest[], polls: [] as string[] }
  const next = (replies: Reply[]) => (replies.length > 1 ? replies.shift() : replies[0]) ?? [500, {}]
  const reply = (response: ServerResponse, [status, body]: Reply) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = createServer(async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = JSON.parse(Buffer.concat(await incoming.toArray()).toString())
    if (incoming.url === '/api/agents/pairings') {
      seen.pairings.push(PairingRequest.parse(body))
      reply(response, next(pairings))
    } else {
      seen.polls.push(PairingPoll.parse(body).pollToken)
      reply(response, next(polls))
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

function start(edgeUrl: string, options: { localSecret?: string; signal?: AbortSignal } = {}) {
  const shown: string[] = []
  const waits: number[] = []
  const lines: string[] = []
  const { localSecret, signal = new AbortController().signal } = options
  const outcome = pair({
    edgeUrl,
    request: { ...request, ...(localSecret ? { localSecret } : {}) },
    show: ({ userCode }) => shown.push(userCode),
    fetch,
    log: createLog((line) => lines.push(line)),
    signal,
    wait: async (seconds) => {
      waits.push(seconds)
      await new Promise(setImmediate)
      signal.throwIfAborted()
    },
    random: () => 0,
  })
  return { outcome, shown, waits, lines }
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

describe('pair', () => {
  it('shows the code, polls at the edge’s pace, and learns who it is', async () => {
    const { url, seen } = await edge([[201, answer]], [waiting, waiting, [200, paired]])
    const { outcome, shown, waits } = start(url)
    expect(await outcome).toEqual({ agentId: 'agent-1', verificationKeys: paired.verificationKeys })
    expect(shown).toEqual(['ABCD-EFGH'])
    expect(waits).toEqual([3, 3, 3])
    expect(seen.pairings).toEqual([request])
    expect(seen.polls).toEqual(Array(3).fill(answer.pollToken))
  })

  it('shows no code when the machine’s own secret confirms it', async () => {
    const { url, seen } = await edge([[201, answer]], [[200, paired]])
    const { outcome, shown } = start(url, { localSecret: 'a-secret-of-enough-length' })
    expect((await outcome).agentId).toBe('agent-1')
    expect(shown).toEqual([])
    expect(seen.pairings[0]?.localSecret).toBe('a-secret-of-enough-length')
  })

  it('asks a person when the edge refuses the machine’s own secret', async () => {
    const { url, seen } = await edge([refused(403, 'forbidden'), [201, answer]], [[200, paired]])
    const { outcome, shown } = start(url, { localSecret: 'a-secret-of-enough-length' })
    expect((await outcome).agentId).toBe('agent-1')
    expect(shown).toEqual(['ABCD-EFGH'])
    expect(seen.pairings[1]).toEqual(request)
  })

  it.each(['pairing_expired', 'pairing_unknown'])('shows a new code after %s', async (code) => {
    const second = { ...answer, userCode: 'WXYZ-2345' }
    const { url } = await edge(
      [
        [201, answer],
        [201, second],
      ],
      [waiting, refused(410, code), [200, paired]],
    )
    const { outcome, shown } = start(url)
    await outcome
    expect(shown).toEqual(['ABCD-EFGH', 'WXYZ-2345'])
  })

  it('keeps the code while the edge is away for a moment', async () => {
    const { url } = await edge(
      [[201, answer]],
      [[502, '<html>'], [500, { error: {} }], refused(429, 'too_many'), [200, paired]],
    )
    const { outcome, shown, lines } = start(url)
    await outcome
    expect(shown).toEqual(['ABCD-EFGH'])
    expect(lines).toHaveLength(3)
  })

  it('knocks with growing patience while the edge is not there', async () => {
    const { url } = await edge(
      [refused(429, 'too_many'), [500, 'x'], [200, { userCode: 'nonsense' }], [201, answer]],
      [[200, paired]],
    )
    const { outcome, waits } = start(url)
    await outcome
    expect(waits.slice(0, 3)).toEqual([0.5, 1, 2])
  })

  it('goes on by itself when nothing listens yet', async () => {
    const abort = new AbortController()
    const { outcome, waits } = start(`http://127.0.0.1:${await closedPort()}`, { signal: abort.signal })
    const ended = expect(outcome).rejects.toThrow('stop')
    await expect.poll(() => waits.length).toBeGreaterThan(2)
    abort.abort(new Error('stop'))
    await ended
  })

  it('stops when it is told to', async () => {
    const { url } = await edge([[201, answer]], [waiting])
    const abort = new AbortController()
    const { outcome, waits } = start(url, { signal: abort.signal })
    const ended = expect(outcome).rejects.toThrow('stop')
    await expect.poll(() => waits.length).toBeGreaterThan(2)
    abort.abort(new Error('stop'))
    await ended
  })

  it('never logs the poll token', async () => {
    const { url } = await edge(
      [[201, answer]],
      [
        [500, `{"error":{"code":"internal","message":"${answer.pollToken}"}}`],
        [200, paired],
      ],
    )
    const { outcome, lines } = start(url)
    await outcome
    expect(lines.join()).not.toContain(JSON.stringify(answer.pollToken))
  })
})

describe('pairingText', () => {
  it('says code, address and fingerprint, and draws a QR code', () => {
    const text = pairingText(answer, 'Attic', 'AAAA BBBB')
    for (const part of ['ABCD-EFGH', answer.verifyUrl, 'AAAA BBBB', '"Attic"', '10 minutes', '█'])
      expect(text).toContain(part)
    expect(text).not.toContain(answer.pollToken)
  })
})
