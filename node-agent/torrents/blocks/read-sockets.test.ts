/** Sockets to peers are read into one memory, and nothing is lost, mixed up or let past the limits by it. */
import { EventEmitter, once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { PassThrough, Transform } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import Peer from 'webtorrent/lib/peer.js'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { collect } from '../../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { readRange } from '../read-range.ts'
import { readSockets } from './read-sockets.ts'
import type { Home } from './testing/test-swarm.ts'
import { joinSwarm, makeTestTorrent } from './testing/test-swarm.ts'

const KiB = 1024
const MiB = 1024 * KiB

const socketsOf = (torrent: Pick<Home['torrent'], '_peers'>) =>
  [...torrent._peers.values()].map(({ conn }) => conn as unknown as Socket)

describe('readSockets', () => {
  it('reads peers that were called without a stream between', async () => {
    const swarm = await makeTestTorrent(2 * MiB, 256 * KiB)
    const home = await joinSwarm(swarm, [await swarm.peer(), await swarm.peer()])
    expect((await collect(home.read())).equals(swarm.content)).toBe(true)
    const sockets = socketsOf(home.torrent)
    expect(sockets).toHaveLength(2)
    expect(sockets.map((socket) => socket.listenerCount('data'))).toEqual([0, 0])
    expect(sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)).toBeGreaterThan(2 * MiB)
  })

  it('reads peers that called so too, whether in the clear or encrypted', async () => {
    for (const encryption of ['off', 'only'] as const) {
      const content = pseudoRandomBytes(MiB)
      const seeder = await startSeeder({ files: { 'film.bin': content }, pieceBytes: 128 * KiB, encryption })
      onTestFinished(() => seeder.stop())
      const home = await startTestTorrents(temporaryDirectory())
      onTestFinished(() => home.stop())
      const open = await home.open({ infoHash: seeder.infoHash, torrentFile: encodeBase64Url(seeder.torrentFile) })
      onTestFinished(open.hold())
      seeder.torrent.addPeer(`127.0.0.1:${home.client.torrentPort}`)
      const [file] = open.layout.files
      if (!file) throw new Error('no file')
      const read = readRange(open, file, { start: 0, end: MiB - 1 }, new AbortController().signal)
      expect((await collect(read)).equals(content)).toBe(true)
      const [torrent] = home.client.torrents
      expect(torrent && socketsOf(torrent).map((socket) => socket.listenerCount('data'))).toEqual([0])
    }
  })

  it('keeps every byte while the limit comes and goes', async () => {
    const swarm = await makeTestTorrent(6 * MiB, 256 * KiB)
    const home = await joinSwarm(swarm, [await swarm.peer(), await swarm.peer()])
    const { client } = home.torrent
    let turn = 0
    const toggling = setInterval(() => client.throttleDownload(turn++ % 2 === 0 ? 4_000_000 : -1), 20)
    onTestFinished(() => clearInterval(toggling))
    client.throttleDownload(1_000_000)
    expect((await collect(home.read())).equals(swarm.content)).toBe(true)
    expect(turn).toBeGreaterThan(3)
    expect(home.torrent.wires).toHaveLength(2)
    expect(home.banned()).toEqual([])
  })

  it('lets no byte overtake those that the limiter still holds', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const conn = connect((server.address() as AddressInfo).port, '127.0.0.1')
    onTestFinished(() => void conn.destroy())
    const [[far]] = (await Promise.all([once(server, 'connection'), once(conn, 'connect')])) as [[Socket], unknown]
    let isLimited = true
    const held: (() => void)[] = []
    const holding = () => new Transform({ transform: (bytes, _, done) => void held.push(() => done(null, bytes)) })
    const group = { getEnabled: () => isLimited, throttle: holding }
    const written: string[] = []
    const wire = new PassThrough()
    wire._write = (bytes) => void written.push(String(bytes))
    readSockets()
    const peer = Object.assign(new EventEmitter(), { conn, wire, throttleGroups: { down: group, up: group } })
    Peer.prototype.setThrottlePipes.call(peer as never)
    far.write('a')
    await until(() => held.length === 1, 'the first byte')
    isLimited = false
    far.write('b')
    await until(() => conn.bytesRead === 2, 'the second byte')
    expect(written).toEqual([])
    held.shift()?.()
    await until(() => held.length === 1, 'the second byte behind the first')
    held.shift()?.()
    await until(() => written.length === 2, 'both')
    isLimited = false
    far.write('c')
    await until(() => written.length === 3, 'the third, past the limiter')
    expect([written.join(''), held.length]).toEqual(['abc', 0])
  })
})
