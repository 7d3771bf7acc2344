/** Ranges over real HTTP from a real swarm, byte for byte: the same table on a complete file and on one that arrives. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { ask, startTestHome, type TestHome } from '../testing/test-home.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const size = 300_001
const film = pseudoRandomBytes(size)
const last = size - 1

type Case = {
  name: string
  method?: string
  headers?: Record<string, string>
  /** Expected: status, and which bytes (inclusive) when there are any. */
  status: number
  bytes?: [from: number, to: number]
}
const part = (name: string, range: string, from: number, to: number, headers = {}): Case => ({
  name,
  headers: { range, ...headers },
  status: 206,
  bytes: [from, to],
})
const whole = (name: string, headers: Record<string, string> = {}): Case => ({
  name,
  headers,
  status: 200,
  bytes: [0, last],
})
const refused = (name: string, range: string): Case => ({ name, headers: { range }, status: 416 })
const ETAG = 'ETAG'

const table: Case[] = [
  // RFC 9110 §14.1.2 and §14.2
  whole('no Range header'),
  part('the first byte', 'bytes=0-0', 0, 0),
  part('the first two bytes', 'bytes=0-1', 0, 1),
  part('the last byte by position', `bytes=${last}-${last}`, last, last),
  part('the last byte by an open range', `bytes=${last}-`, last, last),
  part('the last byte by suffix', 'bytes=-1', last, last),
  part('the last 500 bytes', 'bytes=-500', size - 500, last),
  part('a suffix as long as the file', `bytes=-${size}`, 0, last),
  part('a suffix longer than the file', `bytes=-${size + 1}`, 0, last),
  part('an open range from the start', 'bytes=0-', 0, last),
  part('an open range from the middle', 'bytes=150000-', 150_000, last),
  part('the first 500 bytes', 'bytes=0-499', 0, 499),
  part('the second 500 bytes', 'bytes=500-999', 500, 999),
  part('an end beyond the file', `bytes=299000-${size + 1000}`, 299_000, last),
  part('an end of many digits', 'bytes=299000-99999999999999999999', 299_000, last),
  part('leading zeros', 'bytes=0010-0019', 10, 19),
  part('the unit in capitals', 'Bytes=5-9', 5, 9),
  part('white space around the set', 'bytes= 5-9 ', 5, 9),
  part('an empty list element', 'bytes=,5-9', 5, 9),
  part('several ranges: the first', 'bytes=5-9,20-29', 5, 9),
  part('several ranges: the first that can be satisfied', `bytes=${size}-,20-29`, 20, 29),
  part('several overlapping ranges', 'bytes=0-99,50-149,100-199', 0, 99),
  part('several ranges in descending order', 'bytes=200-299,0-99', 200, 299),
  part('across one piece border', 'bytes=16383-16384', 16_383, 16_384),
  part('exactly one piece', 'bytes=16384-32767', 16_384, 32_767),
  part('from inside one piece to inside another', 'bytes=10000-200000', 10_000, 200_000),
  part('the last, shorter piece', 'bytes=294912-', 294_912, last),
  refused('a start at the end of the file', `bytes=${size}-`),
  refused('a start beyond the file', 'bytes=9999999-10000000'),
  refused('a start of many digits', 'bytes=99999999999999999999-'),
  refused('a suffix of nothing', 'bytes=-0'),
  refused('several ranges, none satisfiable', `bytes=${size}-,-0`),
  refused('an end before its start', 'bytes=500-499'),
  refused('no numbers', 'bytes=-'),
  refused('no set', 'bytes='),
  refused('letters', 'bytes=abc-def'),
  refused('hexadecimal', 'bytes=0x0-0xf'),
  refused('a single number', 'bytes=42'),
  refused('three numbers', 'bytes=1-2-3'),
  refused('a good range and a bad one', 'bytes=0-9,x'),
  refused('a thousand ranges', `bytes=${Array.from({ length: 1000 }, (_, i) => `${i}-${i}`).join(',')}`),
  whole('another unit', { range: 'items=0-5' }),
  whole('a unit without a set', { range: 'bytes' }),
  whole('an empty Range header', { range: '' }),
  // §13: conditions
  part('If-Range with our tag', 'bytes=5-9', 5, 9, { 'if-range': ETAG }),
  whole('If-Range with another tag', { range: 'bytes=5-9', 'if-range': '"other"' }),
  whole('If-Range with our tag, weak', { range: 'bytes=5-9', 'if-range': `W/${ETAG}` }),
  whole('If-Range with a date', { range: 'bytes=5-9', 'if-range': 'Sat, 21 Nov 2026 00:00:00 GMT' }),
  whole('If-Range with another tag and a bad range', { range: `bytes=${size}-`, 'if-range': '"other"' }),
  whole('If-Range without a Range', { 'if-range': '"other"' }),
  part('If-Match with our tag', 'bytes=5-9', 5, 9, { 'if-match': ETAG }),
  { name: 'If-Match with another tag', headers: { range: 'bytes=5-9', 'if-match': '"other"' }, status: 412 },
  { name: 'If-None-Match with our tag', headers: { 'if-none-match': ETAG }, status: 304 },
  { name: 'If-None-Match and a Range', headers: { range: 'bytes=5-9', 'if-none-match': ETAG }, status: 304 },
  whole('If-None-Match with another tag', { 'if-none-match': '"other"' }),
  whole('If-Modified-Since', { 'if-modified-since': 'Sat, 21 Nov 2026 00:00:00 GMT' }),
  // Methods
  { name: 'HEAD', method: 'HEAD', status: 200 },
  { name: 'HEAD with a range: as without', method: 'HEAD', headers: { range: 'bytes=5-9' }, status: 200 },
  { name: 'HEAD with a bad range: as without', method: 'HEAD', headers: { range: `bytes=${size}-` }, status: 200 },
  { name: 'POST', method: 'POST', status: 405 },
  { name: 'DELETE', method: 'DELETE', status: 405 },
  // As players send them, all headers included
  part('Chrome, first request of a <video>', 'bytes=0-', 0, last, {
    'accept-encoding': 'identity;q=1, *;q=0',
    'sec-fetch-dest': 'video',
    'sec-fetch-mode': 'no-cors',
    accept: '*/*',
  }),
  part('Chrome, the tail for the index', 'bytes=262144-', 262_144, last, { 'accept-encoding': 'identity;q=1, *;q=0' }),
  part('Firefox, a seek', 'bytes=131072-', 131_072, last, {
    accept: 'video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5',
    'if-range': ETAG,
  }),
  part('Safari, the probe for range support', 'bytes=0-1', 0, 1, {
    'x-playback-session-id': '6E0A1B5C-0000-4000-8000-000000000000',
    'accept-encoding': 'identity',
  }),
  part('Safari, all of it by range', `bytes=0-${last}`, 0, last, { 'accept-encoding': 'identity' }),
  part('ffprobe', 'bytes=0-', 0, last, { 'user-agent': 'Lavf/59.27.100', 'icy-metadata': '1', connection: 'close' }),
  part('ffmpeg, a seek near the end', `bytes=${size - 1234}-`, size - 1234, last, { 'user-agent': 'Lavf/59.27.100' }),
  whole('curl', { 'user-agent': 'curl/7.88.1', accept: '*/*' }),
  part('curl -r -500', 'bytes=-500', size - 500, last, { 'user-agent': 'curl/7.88.1' }),
  part('curl -C 1000', 'bytes=1000-', 1000, last, { 'user-agent': 'curl/7.88.1' }),
  part('mpv', 'bytes=0-', 0, last, { 'user-agent': 'libmpv', 'icy-metadata': '1' }),
  part('VLC', 'bytes=65536-', 65_536, last, { 'user-agent': 'VLC/3.0.21 LibVLC/3.0.21', 'accept-language': 'en_US' }),
  { name: 'VLC, looking first', method: 'HEAD', headers: { 'user-agent': 'VLC/3.0.21' }, status: 200 },
  part('a cast receiver', 'bytes=0-', 0, last, { origin: 'https://www.gstatic.com' }),
]

let seeder: Seeder
let complete: TestHome
let etag = ''
const removals: (() => void)[] = []
const known = async (home: TestHome) => home.learn('source-1', seeder.source, 'film.mp4', size)

beforeAll(async () => {
  seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: 16_384, uploadLimit: 4_000_000 })
  complete = await startTestHome(temporaryDirectory((remove) => removals.push(remove)))
  await known(complete)
  etag = complete.files.describe({ sourceId: 'source-1', path: 'film.mp4' })?.etag ?? ''
  await ask(complete.port, `/api/stream/${await complete.token()}`)
})
afterAll(async () => {
  await complete.stop()
  await seeder.stop()
  for (const remove of removals) remove()
})

async function check(home: TestHome, { method = 'GET', headers = {}, status, bytes }: Case): Promise<void> {
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(ETAG, etag)]))
  const answer = await ask(home.port, `/api/stream/${await home.token()}`, { method, headers: filled })
  expect(answer.status).toBe(status)
  expect(answer.isWhole).toBe(true)
  if (bytes) {
    const [from, to] = bytes
    expect(answer.body.equals(film.subarray(from, to + 1))).toBe(true)
    expect(answer.headers['content-length']).toBe(String(to - from + 1))
    expect(answer.headers['content-type']).toBe('video/mp4')
  }
  expect(answer.headers['content-range']).toBe(
    status === 206 ? `bytes ${bytes?.join('-')}/${size}` : status === 416 ? `bytes */${size}` : undefined,
  )
  if (status < 400) {
    expect(answer.headers).toMatchObject({ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-store' })
  }
  if (status >= 400) expect(JSON.parse(answer.body.toString()).error.code).toBeTypeOf('string')
  if (method === 'HEAD') expect(answer.headers['content-length']).toBe(String(size))
  if (method === 'HEAD' || status === 304) expect(answer.body).toHaveLength(0)
}

it('covers at least sixty cases', () => {
  expect(new Set(table.map(({ name }) => name)).size).toBe(table.length)
  expect(table.length).toBeGreaterThanOrEqual(60)
})

describe('a complete file', () => {
  it.each(table.map((one) => [one.name, one] as const))('answers %s', async (_name, one) => {
    await check(complete, one)
  })
})

describe('a file of which nothing has arrived', () => {
  it.each(table.map((one) => [one.name, one] as const))('answers %s', async (_name, one) => {
    const home = await startTestHome(temporaryDirectory())
    try {
      await known(home)
      const torrent = await home.open(seeder.source)
      const [file] = torrent.layout.files
      expect(file && torrent.status(file).downloadedBytes).toBe(0)
      await check(home, one)
      // What was not asked for was not fetched, but for what a window ahead of a reader may hold.
      if (!one.bytes) expect(file && torrent.status(file).downloadedBytes).toBe(0)
    } finally {
      await home.stop()
    }
  })
})
