/** A tracker that answers badly is passed over: the agent lives on, and asks no neighbour for it. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import bencode from 'bencode'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'

async function startServer(answer: (response: ServerResponse, path: string) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(response, request.url ?? '')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(
    () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return { asked, port, url: `http://127.0.0.1:${port}/announce` }
}
const startAgent = async (trackers: string[]) => {
  const agent = await startTestTorrents(temporaryDirectory(), {}, { swarm: { trackers } })
  onTestFinished(() => agent.stop())
  const leaving = new AbortController()
  agent.open({ infoHash: 'ab'.repeat(20) }, leaving.signal).catch(() => {})
  onTestFinished(() => leaving.abort())
  return agent
}
const reasons = (agent: Awaited<ReturnType<typeof startAgent>>) =>
  agent.lines.filter(({ event }) => event === 'torrent_warning').map(({ reason }) => String(reason))
const saying = (message: unknown) => (response: ServerResponse) => void response.end(bencode.encode(message))

it.each<[string, (response: ServerResponse) => void, string]>([
  ['a reason that is a number', saying({ 'failure reason': 5 }), 'what is none'],
  ['a warning that is a list', saying({ 'warning message': [1] }), 'what is none'],
  ['peers that are a number', saying({ peers: 5 }), 'what is none'],
  ['a peer without an address', saying({ peers: [{ port: 5 }] }), 'what is none'],
  ['a number', saying(5), 'what is none'],
  ['nothing', (response) => void response.end(), 'what is none'],
  ['a page', (response) => void response.end('<html>'), 'Invalid data'],
  ['a refusal', saying({ 'failure reason': Buffer.from('not here') }), 'not here'],
  ['an error', (response) => void response.writeHead(500).end(), '500'],
  [
    'half of what it announced',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('d8:')
      setImmediate(() => response.destroy())
    },
    'aborted',
  ],
  [
    'more than any answer is',
    (response) => {
      const more = () => {
        if (!response.destroyed) response.write(Buffer.alloc(256 * 1024, 'd'), () => setImmediate(more))
      }
      more()
    },
    'without end',
  ],
  [
    'itself as another place, for ever',
    (response) => void response.writeHead(302, { location: '/x' }).end(),
    'on and on',
  ],
])('passes over a tracker that answers %s', async (_what, answer, reason) => {
  const tracker = await startServer(answer)
  const agent = await startAgent([tracker.url])
  await until(() => reasons(agent).length > 0, 'a warning')
  expect(reasons(agent).join()).toContain(reason)
})

it('does not let a tracker send it into the home network', async () => {
  const neighbour = await startServer((response) => void response.end())
  const tracker = await startServer((response) => {
    response.writeHead(302, { location: `http://localhost:${neighbour.port}/reboot` }).end()
  })
  const agent = await startAgent([tracker.url])
  await until(() => reasons(agent).length > 0, 'a warning')
  expect(reasons(agent).join()).toContain('into the home')
  expect(neighbour.asked).toEqual([])
})

it('does not log the password in the address of a tracker', async () => {
  const tracker = await startServer(saying({}))
  const agent = await startAgent([tracker.url.replace('http://', 'http://anna:secret@')])
  await until(() => reasons(agent).length > 0, 'a warning')
  expect(JSON.stringify(agent.lines)).not.toContain('secret')
})

it('follows a tracker that has moved, and takes its peers in any form', async () => {
  const film = Buffer.from(pseudoRandomBytes(100_000))
  const seeder = await startSeeder({ files: { 'film.mp4': film } })
  onTestFinished(() => seeder.stop())
  const peers = [{ ip: Buffer.from('127.0.0.1'), port: seeder.port, 'peer id': Buffer.alloc(20) }]
  const tracker = await startServer((response, path) => {
    if (path.startsWith('/announce')) response.writeHead(301, { location: '/moved?x=1' }).end()
    else saying({ interval: 1800, peers })(response)
  })
  const agent = await startTestTorrents(temporaryDirectory(), {}, { swarm: { trackers: [tracker.url] } })
  onTestFinished(() => agent.stop())
  expect((await agent.open({ infoHash: seeder.infoHash })).layout.sizeBytes).toBe(film.length)
  const hash = Buffer.from(seeder.infoHash, 'hex').toString('latin1')
  expect(unescape(/info_hash=([^&]*)/.exec(tracker.asked[0] ?? '')?.[1] ?? '')).toBe(hash)
})

it('lives on whatever a tracker says', async () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      fc.integer(),
      fc.string(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('any')),
    ),
  })).any
  const names = [
    'failure reason',
    'warning message',
    'interval',
    'min interval',
    'tracker id',
    'info_hash',
    'peers',
    'peers6',
  ]
  const answers = fc.sample(fc.dictionary(fc.constantFrom(...names), value), 60)
  const tracker = await startServer((response) => saying(answers.pop() ?? {})(response))
  const agent = await startTestTorrents(temporaryDirectory(), {}, { swarm: { trackers: [tracker.url] } })
  onTestFinished(() => agent.stop())
  const leaving = new AbortController()
  for (let torrent = 0; torrent < 60; torrent++) {
    agent.open({ infoHash: torrent.toString(16).padStart(40, '0') }, leaving.signal).catch(() => {})
  }
  await until(() => answers.length === 0, 'all answers')
  leaving.abort()
})
