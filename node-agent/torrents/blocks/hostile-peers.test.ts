/** Peers that lie, stall, choke and leave: the film plays on from the honest ones, and the liars are found. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { until } from '../../testing/until.ts'
import type { BlockAsked } from './testing/scripted-peer.ts'
import { type Home, joinSwarm, makeTestTorrent, type TestTorrent } from './testing/test-swarm.ts'

const KiB = 1024
const MiB = 1024 * KiB
const film = () => makeTestTorrent(3 * MiB, 256 * KiB)
const honest = { bytesPerSecond: 4 * MiB }

const wrong = ({ bytes }: BlockAsked) => bytes.map((byte) => byte ^ 0xff)
/** As a player does: asks again from where it was when a response breaks off. */
async function play(home: Home, swarm: TestTorrent): Promise<{ bytes: Buffer; breaks: number }> {
  const chunks: Uint8Array[] = []
  let positionBytes = 0
  for (let breaks = 0; ; breaks++) {
    try {
      for await (const chunk of home.read({ startBytes: positionBytes })) {
        chunks.push(chunk)
        positionBytes += chunk.length
      }
      expect(positionBytes).toBe(swarm.content.length)
      return { bytes: Buffer.concat(chunks), breaks }
    } catch (error) {
      expect(error).toMatchObject({ code: 'busy' })
      expect(breaks).toBeLessThan(20)
    }
  }
}
const readVerified = async (home: Home, swarm: TestTorrent) => {
  const bytes = await collect(home.read({ unverified: false }))
  expect(bytes.equals(swarm.content)).toBe(true)
}

describe('a peer that sends wrong bytes', () => {
  it('is found among honest ones and banned, and no wrong byte reaches the disk or a careful reader', async () => {
    const swarm = await film()
    const liar = await swarm.peer({ ...honest, answer: wrong })
    const home = await joinSwarm(swarm, [liar, await swarm.peer(honest), await swarm.peer(honest)])
    await until(() => home.torrent.numPeers === 3, 'all peers')
    await readVerified(home, swarm)
    expect(home.banned()).toEqual([liar.address])
    expect(home.torrent.wires.every((wire) => wire.remotePort !== liar.port)).toBe(true)
  })

  it('breaks off the response that showed its bytes, and the next one is right', async () => {
    const swarm = await film()
    const liar = await swarm.peer({ ...honest, answer: wrong })
    const home = await joinSwarm(swarm, [liar, await swarm.peer({ bytesPerSecond: MiB })])
    await until(() => home.torrent.numPeers === 2, 'both peers')
    const { breaks } = await play(home, swarm)
    expect(breaks).toBeGreaterThan(0)
    await readVerified(home, swarm)
    expect(home.banned()).toEqual([liar.address])
  }, 20_000)

  it('is not let in again', async () => {
    const swarm = await film()
    const liar = await swarm.peer({ answer: wrong })
    const home = await joinSwarm(swarm, [liar])
    const reading = collect(home.read({ unverified: false }))
    reading.catch(() => {})
    await until(() => home.banned().length === 1, 'a ban')
    const before = liar.requests()
    home.torrent.addPeer(liar.address)
    home.torrent.addPeer((await swarm.peer()).address)
    expect((await reading).equals(swarm.content)).toBe(true)
    expect(liar.requests()).toBe(before)
  })

  it('is forgiven a single bad block', async () => {
    const swarm = await film()
    let isFirst = true
    const clumsy = await swarm.peer({
      answer(asked) {
        if (!isFirst) return asked.bytes
        isFirst = false
        return wrong(asked)
      },
    })
    const home = await joinSwarm(swarm, [clumsy, await swarm.peer(honest)])
    await until(() => home.torrent.numPeers === 2, 'both peers')
    await readVerified(home, swarm)
    expect(home.banned()).toEqual([])
  })
})

describe('a peer that does not bring what it was asked for', () => {
  it.each<[string, Parameters<TestTorrent['peer']>[0]]>([
    ['claims pieces that it never sends', { answer: () => undefined }],
    ['sends one byte a second', { bytesPerSecond: 1 }],
    ['never unchokes', { onConnected: () => {} }],
    [
      'chokes after every block',
      {
        onConnected: (wire) => wire.on('interested', () => wire.unchoke()),
        async answer({ bytes, wire }) {
          setImmediate(() => wire.choke())
          setTimeout(() => wire.unchoke(), 50).unref()
          return bytes
        },
      },
    ],
    [
      'leaves in the middle of a block',
      {
        answer({ piece, offset, bytes, socket }) {
          const header = Buffer.alloc(13)
          header.writeUInt32BE(bytes.length + 9, 0)
          header[4] = 7
          header.writeUInt32BE(piece, 5)
          header.writeUInt32BE(offset, 9)
          socket.write(Buffer.concat([header, bytes.subarray(0, 5000)]), () => socket.destroy())
          return undefined
        },
      },
    ],
    [
      'sends blocks nobody asked for',
      {
        onConnected(wire) {
          wire.on('interested', () => wire.unchoke())
          for (let piece = 0; piece < 12; piece++) wire.piece(piece, 0, new Uint8Array(16 * KiB))
        },
      },
    ],
    [
      'sends blocks of strange lengths and places',
      {
        answer({ piece, offset, bytes, wire }) {
          wire.piece(piece, offset + 1, bytes)
          wire.piece(piece, offset, bytes.subarray(100))
          wire.piece(piece + 1e6, offset, bytes)
          return undefined
        },
      },
    ],
    [
      'announces a message of half a gigabyte',
      {
        async onConnected(wire, socket) {
          wire.unchoke()
          await sleep(50)
          socket.write(Buffer.from([0x20, 0, 0, 0, 7]))
        },
      },
    ],
    ['talks garbage', { onConnected: (_, socket) => void socket.write(Buffer.alloc(70_000, 'garbage')) }],
  ])(
    '%s: the film comes from the others',
    async (_, behaviour) => {
      const swarm = await film()
      const home = await joinSwarm(swarm, [await swarm.peer(behaviour), await swarm.peer(honest)])
      await until(() => home.torrent.numPeers >= 1, 'a peer')
      const { bytes, breaks } = await play(home, swarm)
      expect(breaks === 0 ? bytes.equals(swarm.content) : bytes.length === swarm.content.length).toBe(true)
      await readVerified(home, swarm)
    },
    20_000,
  )
})
