/** Reading from a real swarm over real sockets: byte-exact, striped, bounded, cancelled, shared. */
import { describe, expect, it } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { until, untilSteady } from '../../testing/until.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'
import { joinSwarm, makeTestTorrent } from './testing/test-swarm.ts'

const KiB = 1024
const MiB = 1024 * KiB
const PIECE = 256 * KiB
const film = () => makeTestTorrent(5 * MiB + 12_345, PIECE)
const big = () => makeTestTorrent(40 * MiB, MiB)

describe('the block engine', () => {
  it('gives exactly the bytes asked for, from peers, from memory and from disk', async () => {
    const swarm = await film()
    const home = await joinSwarm(swarm, [await swarm.peer(), await swarm.peer()])
    for (const unverified of [true, false]) {
      for (const [startBytes, endBytes] of [
        [0, 1],
        [swarm.content.length - 1, swarm.content.length],
        [PIECE - 1, PIECE + 1],
        [3 * PIECE - 7, 3 * PIECE + 200_000],
        [0, swarm.content.length],
        [77_777, 77_777],
      ] as const) {
        const bytes = await collect(home.read({ startBytes, endBytes, unverified }))
        expect(bytes.equals(swarm.content.subarray(startBytes, endBytes))).toBe(true)
      }
    }
  })

  it('stripes the blocks of one piece over all peers', async () => {
    const swarm = await film()
    const peers = await Promise.all([1, 2, 3, 4].map(() => swarm.peer({ bytesPerSecond: 500_000 })))
    const home = await joinSwarm(swarm, peers)
    await until(() => home.torrent.numPeers === 4, 'four peers')
    await collect(home.read({ endBytes: PIECE }))
    expect(peers.filter((peer) => peer.requests() > 0)).toHaveLength(4)
  })

  it('shows bytes before their piece has verified, when asked to, and only then', async () => {
    const swarm = await film()
    // Everything but the last block of each piece.
    const withheld = {
      answer: ({ offset, bytes }: { offset: number; bytes: Uint8Array }) =>
        offset + bytes.length === PIECE ? undefined : bytes,
    }
    const home = await joinSwarm(swarm, [await swarm.peer(withheld)])
    const first = await home.read().next()
    expect(Buffer.from(first.value ?? []).equals(swarm.content.subarray(0, first.value?.length))).toBe(true)
    expect(first.value?.length).toBeGreaterThan(0)
    let hasShown = false
    const careful = home.read({ unverified: false })
    void careful.next().then(
      () => (hasShown = true),
      () => {},
    )
    await untilSteady(() => home.torrent.received)
    expect(hasShown).toBe(false)
  })

  it('tells webtorrent of verified pieces, so that it shares them and announces what is left', async () => {
    const swarm = await film()
    const home = await joinSwarm(swarm, [await swarm.peer()])
    const done = new Promise((resolve) => home.torrent.once('done', resolve))
    await collect(home.read())
    await done
    for (let piece = 0; piece < home.open.layout.pieceCount; piece++)
      expect(home.torrent.bitfield.get(piece)).toBe(true)
  })

  it('asks for nothing before there is a reader', async () => {
    const swarm = await film()
    const peer = await swarm.peer()
    const home = await joinSwarm(swarm, [peer])
    await until(() => home.torrent.numPeers === 1, 'a peer')
    await untilSteady(() => home.torrent.received)
    expect(peer.requests()).toBe(0)
  })

  it('fetches only the window ahead of a reader that has paused', async () => {
    const swarm = await big()
    const peer = await swarm.peer()
    const home = await joinSwarm(swarm, [peer])
    const reading = home.read()
    const taken = (await reading.next()).value?.length ?? 0
    await untilSteady(peer.sentBytes)
    expect(peer.sentBytes()).toBeLessThanOrEqual(2 * MiB + 5 * taken + BLOCK_BYTES)
    await reading.return()
  })

  it('cancels on the wire what nobody wants any more, at once, also while the reader is paused', async () => {
    const swarm = await big()
    const peer = await swarm.peer({ bytesPerSecond: MiB })
    const home = await joinSwarm(swarm, [peer])
    const leaving = new AbortController()
    const reading = home.read({}, leaving.signal)
    await reading.next()
    leaving.abort(new Error('viewer left'))
    await until(() => peer.cancels() > 0, 'a CANCEL')
    await untilSteady(peer.requests)
    expect(home.torrent.wires.flatMap((wire) => wire.requests)).toEqual([])
    await expect(reading.next()).rejects.toThrow('viewer left')
  })

  it('keeps for one reader what another that leaves wanted too', async () => {
    const swarm = await film()
    const home = await joinSwarm(swarm, [await swarm.peer({ bytesPerSecond: 4 * MiB })])
    const leaving = new AbortController()
    const first = home.read({}, leaving.signal)
    const second = collect(home.read({ endBytes: 2 * MiB }))
    await first.next()
    leaving.abort()
    expect((await second).equals(swarm.content.subarray(0, 2 * MiB))).toBe(true)
  })

  it('asks a second peer for blocks that the first keeps to itself', async () => {
    const swarm = await film()
    const silent = await swarm.peer({ answer: () => undefined })
    const home = await joinSwarm(swarm, [silent, await swarm.peer({ bytesPerSecond: 8 * MiB })])
    await until(() => home.torrent.numPeers === 2, 'both peers')
    expect((await collect(home.read())).equals(swarm.content)).toBe(true)
    expect(silent.requests()).toBeGreaterThan(0)
    // Once the other has brought them, the first need not.
    expect(silent.cancels()).toBeGreaterThan(0)
  })

  it('serves readers in different places of different torrents at once', async () => {
    const swarms = [await film(), await makeTestTorrent(3 * MiB, 128 * KiB)]
    const reads = swarms.map(async (swarm) => {
      const home = await joinSwarm(swarm, [await swarm.peer({ bytesPerSecond: 8 * MiB })])
      const places = [0, 0.3, 0.6].map((share) => Math.floor(share * swarm.content.length))
      return Promise.all(
        places.map(async (startBytes) => {
          const bytes = await collect(home.read({ startBytes }))
          expect(bytes.equals(swarm.content.subarray(startBytes))).toBe(true)
        }),
      )
    })
    await Promise.all(reads)
  })

  it('refuses a signal that has aborted before it asks for anything', async () => {
    const swarm = await film()
    const peer = await swarm.peer()
    const home = await joinSwarm(swarm, [peer])
    await expect(home.read({}, AbortSignal.abort(new Error('gone'))).next()).rejects.toThrow('gone')
    await untilSteady(() => home.torrent.received)
    expect(peer.requests()).toBe(0)
  })

  it('ends readers when the torrent is put away', async () => {
    const swarm = await film()
    const home = await joinSwarm(swarm, [await swarm.peer({ bytesPerSecond: 10_000 })])
    const reading = expect(collect(home.read())).rejects.toMatchObject({ code: 'busy' })
    await until(() => home.torrent.numPeers === 1, 'a peer')
    await home.stop()
    await reading
  })

  it('asks again for a block whose request was lost, also when there is only one peer', async () => {
    const swarm = await film()
    const forgotten = new Set<number>()
    const forgetful = await swarm.peer({
      answer({ piece, offset, bytes }) {
        const key = piece * PIECE + offset
        if (key % 7 !== 0 || forgotten.has(key)) return bytes
        forgotten.add(key)
        return undefined
      },
    })
    const home = await joinSwarm(swarm, [forgetful])
    expect((await collect(home.read())).equals(swarm.content)).toBe(true)
    expect(forgotten.size).toBeGreaterThan(0)
  }, 20_000)

  it('goes on when peers come late', async () => {
    const swarm = await film()
    const home = await joinSwarm(swarm, [])
    const reading = collect(home.read())
    home.torrent.addPeer((await swarm.peer()).address)
    expect((await reading).equals(swarm.content)).toBe(true)
  })
})
