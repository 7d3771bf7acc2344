/** Peers that take no encryption, peers that take nothing else, and one that takes neither. */
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { readRange } from '../read-range.ts'

// A real swarm on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const film = Buffer.from(pseudoRandomBytes(512 * 1024))
const running: { stop(): Promise<void> }[] = []
const stopLater = <T extends { stop(): Promise<void> }>(started: T): T => {
  running.push(started)
  return started
}
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

describe('plainFirst', () => {
  it.each(['off', 'only'] as const)('is understood by a peer whose encryption is %s', async (encryption) => {
    const seeder = stopLater(await startSeeder({ files: { 'film.mp4': film }, encryption }))
    const agent = stopLater(await startTestTorrents(temporaryDirectory()))
    const torrent = await agent.open(seeder.magnet)
    const [file] = torrent.layout.files
    if (!file) throw new Error('no file')
    const read = readRange(torrent, file, { start: 0, end: film.length - 1 }, new AbortController().signal)
    expect((await collect(read)).equals(film)).toBe(true)
  })

  it('calls a peer that hangs up on everything once more, encrypted, and then leaves it to its pauses', async () => {
    const isPlain: boolean[] = []
    const server = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', (bytes) => {
          isPlain.push(bytes.includes('BitTorrent protocol'))
          socket.destroy()
        })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    stopLater({ stop: () => new Promise<void>((done) => server.close(() => done())) })
    const agent = stopLater(await startTestTorrents(temporaryDirectory()))
    const leaving = new AbortController()
    const magnet = `magnet:?xt=urn:btih:${'a'.repeat(40)}&x.pe=127.0.0.1:${(server.address() as AddressInfo).port}`
    agent.open({ infoHash: 'a'.repeat(40), magnet }, leaving.signal).catch(() => {})
    // At once, at once again, and after one second.
    await until(() => isPlain.length === 3, 'three calls')
    leaving.abort()
    expect(isPlain).toEqual([true, false, true])
  })
})
