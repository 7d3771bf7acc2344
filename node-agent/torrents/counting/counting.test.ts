/** Counting swarms: trackers that are honest, hostile or dead, and how a list is asked of few of them. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import bencode from 'bencode'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { namesMean } from '../../testing/names-mean.ts'
import { noGuard } from '../swarm/fetch-public.ts'
import { countSwarms, type Scrape } from './count-swarms.ts'
import { createScrape } from './scrape.ts'
import { scrapeAddress } from './scrape-http.ts'

const [one, two] = ['00'.repeat(20), 'ff'.repeat(20)]
const scrape = createScrape({ ...noGuard, lookup })
const live = () => AbortSignal.timeout(20_000)

async function startUdp(answer: (packet: Buffer, action: number) => (Buffer | undefined)[]) {
  const socket = createSocket('udp4')
  socket.on('message', (packet, { port, address }) => {
    for (const reply of answer(packet, packet.readUInt32BE(8))) if (reply) socket.send(reply, port, address)
  })
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  onTestFinished(() => void socket.close())
  return `udp://127.0.0.1:${socket.address().port}/announce`
}
const reply = (packet: Buffer, action: number, ...words: number[]) => {
  const bytes = Buffer.alloc(8 + words.length * 4)
  bytes.writeUInt32BE(action, 0)
  packet.copy(bytes, 4, 12, 16)
  words.forEach((word, index) => void bytes.writeUInt32BE(word, 8 + index * 4))
  return bytes
}
const connected = (packet: Buffer) => reply(packet, 0, 7, 9)

async function startHttp(answer: () => Uint8Array, status = 200) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(status).end(answer())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x/announce.php?key=1` }
}

describe('by UDP', () => {
  it('reads the counts in the order of the question, whatever else arrives', async () => {
    const strange = Buffer.from('not for you at all')
    const url = await startUdp((packet, action) =>
      action === 0 ? [strange, connected(packet)] : [Buffer.alloc(3), reply(packet, 2, 5, 99, 1, 0, 0, 2)],
    )
    const swarms = await scrape.ask(url, [one, two], live())
    expect([...swarms]).toEqual([
      [one, { seeders: 5, leechers: 1 }],
      [two, { seeders: 0, leechers: 2 }],
    ])
  })

  it('leaves out what an answer that is cut short does not say', async () => {
    const url = await startUdp((packet, action) =>
      action === 0 ? [connected(packet)] : [reply(packet, 2, 5, 99, 1, 0)],
    )
    expect([...(await scrape.ask(url, [one, two], live())).keys()]).toEqual([one])
  })

  it('asks again when a packet was lost', async () => {
    let lost = 0
    const url = await startUdp((packet, action) => {
      if (lost++ === 0) return []
      return [action === 0 ? connected(packet) : reply(packet, 2, 3, 0, 0)]
    })
    const again = createScrape({ ...noGuard, lookup }, [20, 10_000])
    expect((await again.ask(url, [one], live())).get(one)).toEqual({ seeders: 3, leechers: 0 })
  })

  it('gives up on one that says nothing', async () => {
    const silent = createScrape({ ...noGuard, lookup }, [10, 10]).ask(await startUdp(() => []), [one], live())
    await expect(silent).rejects.toThrow('does not answer')
  })

  it.each<[string, (packet: Buffer, action: number) => Buffer, RegExp]>([
    ['refuses', (packet) => reply(packet, 3), /refuses/],
    ['answers another question', (packet) => reply(packet, 1, 7, 9), /none/],
    ['gives half a connection', (packet) => reply(packet, 0, 7), /none/],
  ])('gives up on one that %s', async (_what, answer, problem) => {
    await expect(scrape.ask(await startUdp((...asked) => [answer(...asked)]), [one], live())).rejects.toThrow(problem)
  })

  it('ends when whoever asks leaves', async () => {
    const url = await startUdp(() => [])
    const leaving = new AbortController()
    const asked = scrape.ask(url, [one], leaving.signal)
    leaving.abort(new Error('left'))
    await expect(asked).rejects.toThrow('left')
  })
})

describe('by HTTP', () => {
  it.each([
    ['http://t.example/announce', 'http://t.example/scrape'],
    ['http://t.example/x/announce.php?key=1', 'http://t.example/x/scrape.php?key=1'],
    ['http://t.example/a', undefined],
    ['http://t.example/announce/x', undefined],
  ])('%s is asked at %s', (announce, expected) => {
    expect(scrapeAddress(new URL(announce))?.href).toBe(expected)
  })

  it('reads counts of hashes that are text and that are none', async () => {
    const text = Buffer.from('twenty bytes of text').toString('hex')
    const bytes = Buffer.concat([
      Buffer.from('d5:filesd20:twenty bytes of textd8:completei4e10:incompletei1ee20:'),
      Buffer.from(two, 'hex'),
      Buffer.from('d8:completei9e10:incompletei0eeee'),
    ])
    const { url, asked } = await startHttp(() => bytes)
    const swarms = await scrape.ask(url, [two, text, one], live())
    expect(Object.fromEntries(swarms)).toEqual({
      [text]: { seeders: 4, leechers: 1 },
      [two]: { seeders: 9, leechers: 0 },
    })
    expect(asked[0]).toContain('/x/scrape.php?key=1&info_hash=%ff%ff')
  })

  it.each<[string, () => Uint8Array, number]>([
    ['a page', () => Buffer.from('<html>'), 200],
    ['an error', () => Buffer.alloc(0), 500],
    ['nothing', () => Buffer.alloc(0), 200],
    ['a list', () => bencode.encode([1]), 200],
    ['more than any answer is', () => Buffer.alloc(100_000, 'i'), 200],
  ])('gives up on one that answers %s', async (_what, answer, status) => {
    const { url } = await startHttp(answer, status)
    await expect(scrape.ask(url, [one], live())).rejects.toThrow()
  })

  it('leaves out counts that are none', async () => {
    const files = { [Buffer.from('twenty bytes of text').toString()]: { complete: -5, incomplete: 'x' } }
    const { url } = await startHttp(() => bencode.encode({ files }))
    const hash = Buffer.from('twenty bytes of text').toString('hex')
    expect(await scrape.ask(url, [hash], live())).toEqual(new Map())
  })
})

it.each(['udp://192.0.2.1:6969/announce', 'http://192.0.2.1/announce', 'udp://tracker.example:80', 'nothing'])(
  'does not ask %s where it leads to nobody’s or our own network',
  async (tracker) => {
    const asked = createScrape({ ...noGuard, lookup: namesMean(['192.168.1.1']) }, [50]).ask(tracker, [one], live())
    await expect(asked).rejects.toThrow(/home|no address/)
  },
)

describe('a list of sources', () => {
  it('asks each tracker once for all that name it, and keeps the largest count', async () => {
    const asked: [string, number][] = []
    const fake: Scrape = {
      mostHashes: () => 2,
      ask: async (tracker, hashes) => {
        asked.push([tracker, hashes.length])
        if (tracker === 'dead') throw new Error('dead')
        return new Map(hashes.map((hash) => [hash, { seeders: tracker === 'big' ? 50 : 5, leechers: 1 }]))
      },
    }
    const hashes = ['1', '2', '3']
    const list = hashes.map((infoHash) => ({ sourceId: infoHash, infoHash, trackers: ['dead', 'big', 'small', 'big'] }))
    const counted = await countSwarms(list, fake, live())
    expect(counted).toEqual(hashes.map((sourceId) => ({ sourceId, seeders: 50, leechers: 1 })))
    // One that does not answer is asked once.
    expect(asked.toSorted()).toEqual([
      ['big', 1],
      ['big', 2],
      ['dead', 2],
      ['small', 1],
      ['small', 2],
    ])
  })

  it('answers for every source, whatever trackers do', async () => {
    const tracker = fc.constantFrom('a', 'b', 'c')
    const source = fc.record({
      infoHash: fc.constantFrom('1', '2', '3'),
      trackers: fc.array(tracker, { maxLength: 9 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(source, { maxLength: 20 }), fc.integer(), async (sources, seed) => {
        const fake: Scrape = {
          mostHashes: (name) => (name === 'a' ? 1 : 5),
          ask: async (name, hashes) => {
            if ((seed + name.charCodeAt(0)) % 3 === 0) throw new Error('dead')
            return new Map(hashes.map((hash) => [hash, { seeders: seed & 7, leechers: 0 }]))
          },
        }
        const list = sources.map((one, index) => ({ ...one, sourceId: String(index) }))
        const counted = await countSwarms(list, fake, live())
        expect(counted.map(({ sourceId }) => sourceId)).toEqual(list.map(({ sourceId }) => sourceId))
      }),
    )
  })
})
