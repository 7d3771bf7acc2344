/** Whatever a stranger says, the agent lives on: an exception that reaches the process would fail these tests. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import Wire from 'bittorrent-protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { startScriptedPeer } from '../blocks/testing/scripted-peer.ts'
import { joinSwarm, makeTestTorrent } from '../blocks/testing/test-swarm.ts'
import { guardWires } from './guard-wires.ts'

const KiB = 1024
const film = () => makeTestTorrent(512 * KiB, 64 * KiB)

function extended(id: number, dictionary: string): Uint8Array {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from([20, id]), Buffer.from(dictionary)])
  bytes.writeUInt32BE(bytes.length - 4)
  return bytes
}
/** To every extension that we may have numbered so. */
const toAll = (dictionary: string) => Buffer.concat([1, 2, 3, 4].map((id) => extended(id, dictionary)))

describe('a stranger', () => {
  it.each<[string, Uint8Array]>([
    ['zeros for a public key', Buffer.alloc(97)],
    ['a public key beyond the prime', Buffer.alloc(97, 0xff)],
    ['noise', randomBytes(5000)],
  ])('who calls and sends %s does not keep the others from being served', async (_, bytes) => {
    const swarm = await film()
    const home = await joinSwarm(swarm, [await swarm.peer()])
    const socket = connect(home.port, '127.0.0.1').on('error', () => {})
    onTestFinished(() => void socket.destroy())
    await new Promise((done) => socket.write(bytes, done))
    expect((await collect(home.read())).equals(swarm.content)).toBe(true)
  })

  it.each<[string, Uint8Array]>([
    ['asks for metadata of which it has not said that it can', toAll('d8:msg_typei0e5:piecei0ee')],
    ['refuses metadata that nobody asked for', toAll('d8:msg_typei2e5:piecei0ee')],
    ['says strange things of its extensions', extended(0, 'd1:md11:ut_metadatade6:ut_pex0:e4:reqq0:e')],
    ['sends no dictionary', Buffer.concat([extended(0, 'le'), toAll('i1e'), toAll('')])],
  ])('who %s is none of our concern', async (_, bytes) => {
    const swarm = await film()
    const odd = await swarm.peer({
      onConnected(wire, socket) {
        wire.unchoke()
        socket.write(bytes)
      },
    })
    const home = await joinSwarm(swarm, [odd])
    await until(() => odd.connections() > 0, 'the call')
    home.torrent.addPeer((await swarm.peer()).address)
    expect((await collect(home.read())).equals(swarm.content)).toBe(true)
  })

  it('who sends metadata from beyond its end does not end the search for it', async () => {
    const seeder = await startSeeder({ files: { 'film.mp4': pseudoRandomBytes(100 * KiB) } })
    onTestFinished(() => seeder.stop())
    const { infoHash } = seeder
    const liar = await startScriptedPeer(
      { infoHash, pieceCount: 2, read: () => new Uint8Array() },
      {
        onConnected(_wire, socket) {
          socket.write(extended(0, 'd1:md11:ut_metadatai1ee13:metadata_sizei1000ee'))
          socket.write(toAll('d8:msg_typei1e5:piecei9999999e10:total_sizei1000eexxxx'))
        },
      },
    )
    onTestFinished(() => liar.close())
    const agent = await startTestTorrents(temporaryDirectory())
    onTestFinished(() => agent.stop())
    const opened = agent.open({ infoHash, magnet: `magnet:?xt=urn:btih:${infoHash}&x.pe=${liar.address}` })
    await until(() => liar.connections() > 0, 'the call')
    await agent.open(seeder.magnet)
    expect((await opened).layout.infoHash).toBe(infoHash)
  })
})

describe('a wire', () => {
  it('ends when a message makes an error', async () => {
    guardWires()
    const wire = new Wire('tcpIncoming')
    const ended = new Promise((done) => wire.once('close', done))
    Object.defineProperty(wire, '_parser', {
      value: () => {
        throw new Error('stumbled')
      },
    })
    wire.write(Buffer.alloc(100))
    await ended
  })

  it('ends when it announces a message of half a gigabyte, also before the film is known', async () => {
    guardWires()
    const wire = new Wire('tcpIncoming')
    const ended = new Promise((done) => wire.once('close', done))
    const greeting = Buffer.concat([Buffer.from('\x13BitTorrent protocol'), Buffer.alloc(8), randomBytes(40)])
    wire.write(Buffer.concat([greeting, Buffer.from([0x20, 0, 0, 0, 7])]))
    await ended
  })
})
