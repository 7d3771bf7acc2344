/** What a stranger's torrent names is asked only where it is public at the moment of the question, by HTTP and by UDP. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import bencode from 'bencode'
import { expect, it, onTestFinished } from 'vitest'
import { namesMean } from '../../testing/names-mean.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { createDoorFetch, openWay } from '../../vpn/door-fetch.ts'
import { fetchPublic } from './fetch-public.ts'

async function startNeighbour() {
  const heard: string[] = []
  const http = createServer((request, response) => {
    heard.push(`http ${request.url?.split('?')[0]}`)
    response.end(bencode.encode({ peers: Buffer.alloc(0), interval: 60 }))
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const { port } = http.address() as AddressInfo
  const udp = createSocket('udp4').on('message', () => heard.push('udp'))
  await new Promise<void>((done) => udp.bind(port, '127.0.0.1', done))
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
    udp.close()
  })
  return { port, heard }
}

/** An agent that is given a source with these trackers, of which the operator named some. */
async function hear(ofSource: string[], named: string[], addresses: readonly string[]) {
  const asked: string[] = []
  const swarm = { trackers: named, lookup: namesMean(addresses, asked) }
  const agent = await startTestTorrents(temporaryDirectory(), {}, { swarm })
  onTestFinished(() => agent.stop())
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const hints = { trackers: ofSource, webSeeds: [], peers: [] }
  const context = { signal: leaving.signal, correlationId: 'test-correlation' }
  agent.torrents.open({ infoHash: 'ab'.repeat(20), hints }, context).catch(() => {})
  return { asked, warnings: () => agent.lines.filter(({ event }) => event === 'torrent_warning') }
}

it('asks no neighbour that a stranger’s name leads to, and says why', async () => {
  const { port, heard } = await startNeighbour()
  const trackers = [`http://tracker.example:${port}/announce`, `udp://other.example:${port}/announce`]
  const { asked, warnings } = await hear(trackers, [], ['127.0.0.1'])
  await until(() => warnings().length === 2, 'both to be refused')
  expect(warnings().map(({ reason }) => String(reason))).toEqual([
    expect.stringContaining('lies in the home'),
    expect.stringContaining('lies in the home'),
  ])
  expect([asked.toSorted(), heard]).toEqual([['other.example', 'tracker.example'], []])
})

it('asks a tracker at home that the operator named, whatever it is called', async () => {
  const { port, heard } = await startNeighbour()
  await hear([], [`http://tracker.example:${port}/announce`, `udp://other.example:${port}/announce`], ['127.0.0.1'])
  await until(() => heard.length >= 2, 'both to be asked')
  expect(heard.toSorted()).toEqual(['http /announce', 'udp'])
})

it.each([
  ['a name that means the home network', 'http://seed.example', ['192.168.1.2']],
  ['a name that means the home network among others', 'http://seed.example', ['93.184.215.14', '10.0.0.1']],
  ['an address behind a redirect', 'http://127.0.0.1/out', []],
])('fetches nothing from %s', async (_what, address, addresses) => {
  const { port, heard } = await startNeighbour()
  const redirecting = createServer((_request, response) =>
    response.writeHead(302, { location: `http://127.0.0.2:${port}/secret` }).end(),
  )
  await new Promise<void>((done) => redirecting.listen(0, '127.0.0.1', done))
  onTestFinished(() => void redirecting.close())
  const url = new URL(address)
  url.port = String(url.hostname === '127.0.0.1' ? (redirecting.address() as AddressInfo).port : port)
  const ask = { fetchOnce: createDoorFetch(openWay(namesMean(addresses))), isKnownHost: () => false }
  const fetched = fetchPublic(url, { headers: {}, signal: AbortSignal.timeout(10_000) }, ask)
  await expect(fetched).rejects.toThrow(/home/)
  expect(heard).toEqual([])
})
