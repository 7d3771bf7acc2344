/** Web seeds: one that is honest brings the film, one that is not brings nothing, and fills no memory. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { readRange } from '../read-range.ts'

const film = Buffer.from(pseudoRandomBytes(300_000))
const words = Buffer.from(pseudoRandomBytes(5000, 2))

/** An honest web server with the files of a torrent, unless `answer` says otherwise. */
async function startWebServer(
  files: Record<string, Buffer>,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    asked.push(path)
    if (answer(request, response)) return
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const file = files[path]
    if (!file || from === undefined) return void response.writeHead(404).end()
    const part = file.subarray(Number(from), Number(to) + 1)
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${file.length}` }).end(part)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    await closed
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** The torrent of some files, opened by an agent that knows this web seed and nobody else. */
async function open(files: Record<string, Buffer>, webSeed: string, peers: (port: number) => string[] = () => []) {
  const seeder = await startSeeder({ files, pieceBytes: 64 * 1024 })
  onTestFinished(() => seeder.stop())
  const agent = await startTestTorrents(temporaryDirectory())
  onTestFinished(() => agent.stop())
  const info = seeder.torrent.infoBuffer
  const hints = { trackers: [], webSeeds: [webSeed], peers: peers(seeder.port) }
  const context = { signal: AbortSignal.timeout(20_000), correlationId: 'test-correlation' }
  const torrent = await agent.torrents.open({ infoHash: seeder.infoHash, info, hints }, context)
  const read = (path: string) => {
    const file = torrent.layout.files.find((one) => one.path === path)
    if (!file) throw new Error('no such file')
    const range = { start: 0, end: file.sizeBytes - 1 }
    return collect(readRange(torrent, file, range, new AbortController().signal))
  }
  return { read, seeder }
}

it.each(['/film.mp4', '/'])('brings a film that lies at %s', async (path) => {
  const server = await startWebServer({ '/film.mp4': film })
  const { read } = await open({ 'film.mp4': film }, server.url + path)
  expect((await read('film.mp4')).equals(film)).toBe(true)
})

it('brings several files with strange names, also when it points elsewhere', async () => {
  const there = await startWebServer({ '/x/A #1 Film?/film 1%.mp4': film, '/x/A #1 Film?/words.srt': words })
  const here = await startWebServer({}, (request, response) => {
    response.writeHead(302, { location: `${there.url}/x${request.url}` }).end()
    return true
  })
  const files = { 'A #1 Film?/film 1%.mp4': film, 'A #1 Film?/words.srt': words }
  const { read } = await open(files, here.url)
  expect((await read('A #1 Film?/film 1%.mp4')).equals(film)).toBe(true)
  expect((await read('A #1 Film?/words.srt')).equals(words)).toBe(true)
})

it('is asked for one small file after another', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `Film/${index}.srt`)
  const files = Object.fromEntries(names.map((name) => [name, words.subarray(0, 1000)]))
  const paths = Object.fromEntries(names.map((name) => [`/${name}`, words.subarray(0, 1000)]))
  let running = 0
  let most = 0
  const server = await startWebServer(paths, (_request, response) => {
    most = Math.max(most, ++running)
    response.once('finish', () => running--)
    return false
  })
  const { read } = await open(files, server.url)
  for (const name of names) expect((await read(name)).equals(words.subarray(0, 1000))).toBe(true)
  expect(server.asked.length).toBeGreaterThanOrEqual(30)
  expect(most).toBe(1)
})

it.each<[string, (response: ServerResponse) => void]>([
  [
    'sends without end',
    (response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-16383/300000' })
      const more = () => {
        if (!response.destroyed) response.write(Buffer.alloc(256 * 1024), () => setImmediate(more))
      }
      more()
    },
  ],
  [
    'sends the whole film whatever is asked',
    (response) => void response.writeHead(200).end(Buffer.concat([film, film])),
  ],
  ['sends too little', (response) => void response.writeHead(206, { 'content-range': 'bytes 0-1/2' }).end('no')],
  ['breaks off', (response) => void response.writeHead(206).write('no', () => response.destroy())],
])('leaves one that %s, and the film comes from peers', async (_what, answer) => {
  const server = await startWebServer({}, (_request, response) => {
    answer(response)
    return true
  })
  const { read } = await open({ 'film.mp4': film }, `${server.url}/film.mp4`, (port) => [`127.0.0.1:${port}`])
  expect((await read('film.mp4')).equals(film)).toBe(true)
  await until(() => server.asked.length > 0, 'the web seed')
})

it('is not sent into the home network by one', async () => {
  const neighbour = await startWebServer({})
  const server = await startWebServer({}, (_request, response) => {
    response.writeHead(302, { location: neighbour.url.replace('127.0.0.1', 'localhost') }).end()
    return true
  })
  const { read } = await open({ 'film.mp4': film }, `${server.url}/film.mp4`, (port) => [`127.0.0.1:${port}`])
  expect((await read('film.mp4')).equals(film)).toBe(true)
  expect(neighbour.asked).toEqual([])
})
