/** Peers that would fill our memory: they cannot, and the film is read all the same. Measured in a process of its own. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import Wire from 'bittorrent-protocol'
import { expect, it, onTestFinished } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import type { Behaviour, ScriptedPeer } from './testing/scripted-peer.ts'
import { makeTestTorrent, type TestTorrent } from './testing/test-swarm.ts'

const KiB = 1024
const MiB = 1024 * KiB
/** Small pieces, so that the info dictionary is worth asking for. */
const PIECE = 16 * KiB
const SIZE = 24 * MiB
/** What an attack may cost above what the same reading costs without it; each sends or asks for far more. */
const MOST_MORE_BYTES = 160 * MiB

/** Each request is of 17 bytes: their answers would come to a GiB. */
const FLOOD_BYTES = MiB

type Figures = { readBytes: number; mostBytes: number; peers: number }
type HomeProcess = { port: number; figures(): Promise<Figures> }

async function startHome({ torrentFile, infoHash }: TestTorrent, peers: ScriptedPeer[]): Promise<HomeProcess> {
  const script = join(import.meta.dirname, 'testing/home-process.ts')
  const magnet = [`magnet:?xt=urn:btih:${infoHash}`, ...peers.map(({ address }) => `x.pe=${address}`)].join('&')
  const args = [script, temporaryDirectory(), infoHash, magnet, encodeBase64Url(torrentFile)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? '{}')
  const { port } = await next()
  return {
    port,
    figures() {
      child.stdin.write('\n')
      return next()
    },
  }
}

/** A peer that calls, and then writes without reading: `attack` gets the wire when it is unchoked. */
async function callWithoutReading(infoHash: string, port: number, message: (wire: Wire) => Uint8Array): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  const wire = new Wire('tcpOutgoing')
  for (const stream of [socket, wire]) stream.on('error', () => {})
  socket.pipe(wire).pipe(socket)
  wire.handshake(infoHash, randomBytes(20).toString('hex'), { fast: true, dht: false })
  wire.on('handshake', () => wire.interested())
  await new Promise((done) => wire.once('unchoke', done))
  socket.unpipe(wire)
  socket.pause()
  const bytes = message(wire)
  flood(socket, bytes, FLOOD_BYTES / bytes.length)
}

function flood(socket: Socket, message: Uint8Array, times: number): void {
  for (let sent = 0; sent < times; sent++) socket.write(message)
}

function numbers(id: number, ...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(5 + 4 * values.length)
  bytes.writeUInt32BE(bytes.length - 4)
  bytes[4] = id
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 5 + 4 * index)
  return bytes
}

const somePieces = Array.from({ length: 400 }, (_, piece) => piece)
const requests = Buffer.concat(somePieces.map((piece) => numbers(6, piece, 0, PIECE)))
const cancels = Buffer.concat(somePieces.map((piece) => numbers(8, piece, 0, PIECE)))

function extended(id: number, dictionary: string): Uint8Array {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from([20, id]), Buffer.from(dictionary)])
  bytes.writeUInt32BE(bytes.length - 4)
  return bytes
}

/** Reads the film while they attack; how much memory that took, at most. */
async function attacked(
  swarm: TestTorrent,
  behaviours: Behaviour[],
  call?: (wire: Wire) => Uint8Array,
): Promise<number> {
  const hostile = await Promise.all(behaviours.map(swarm.peer))
  const home = await startHome(swarm, [...hostile, await swarm.peer()])
  if (call) {
    while ((await home.figures()).readBytes < SIZE) await sleep(100)
    for (let caller = 0; caller < 2; caller++) await callWithoutReading(swarm.infoHash, home.port, call)
    await sleep(3000)
  }
  for (;;) {
    const { readBytes, mostBytes } = await home.figures()
    if (readBytes === SIZE) return mostBytes
    await sleep(100)
  }
}

it.each<[string, Behaviour[], ((wire: Wire) => Uint8Array)?]>([
  [
    'blocks that nobody asked for',
    new Array(3).fill({
      onConnected(wire: Wire, socket: Socket) {
        wire.unchoke()
        const block = Buffer.concat([numbers(7, 3, 0), new Uint8Array(PIECE)])
        block.writeUInt32BE(block.length - 4)
        flood(socket, block, 20_000)
      },
      answer: () => undefined,
    }),
  ],
  [
    'messages of half a gigabyte',
    new Array(3).fill({
      onConnected(_wire: Wire, socket: Socket) {
        socket.write(Buffer.from([0x20, 0, 0, 0, 7]))
        flood(socket, new Uint8Array(PIECE), 20_000)
      },
    }),
  ],
  ['requests whose answers it does not take', [], () => requests],
  ['requests that it takes back, and their like again', [], () => Buffer.concat([requests, cancels])],
  [
    'requests for metadata that it does not take',
    [],
    (wire) => {
      const ask = extended(wire.peerExtendedMapping.ut_metadata ?? 0, 'd8:msg_typei0e5:piecei0ee')
      return Buffer.concat([extended(0, 'd1:md11:ut_metadatai1eee'), ...new Array(1000).fill(ask)])
    },
  ],
])(
  'memory stays bounded before a peer that sends %s',
  async (_, behaviours, call) => {
    const swarm = await makeTestTorrent(SIZE, PIECE)
    const alone = await attacked(swarm, [])
    const most = await attacked(swarm, behaviours, call)
    expect(most - alone).toBeLessThan(MOST_MORE_BYTES)
  },
  60_000,
)
