/** The memory of pieces is used again, also when their torrent is put away while they are on their way. */
import { describe, expect, it } from 'vitest'
import { finishPiece, type PieceFinish } from './finish-piece.ts'
import { PieceMemory } from './piece-memory.ts'
import { PieceTable } from './piece-table.ts'
import { PieceVerdicts } from './piece-verdicts.ts'
import { BLOCK_BYTES, type SwarmTorrent } from './swarm-surface.ts'

type Put = SwarmTorrent['store']['put']

/** Pieces of one block; hashing and storing end when the test says so. */
function begin(pieces: number) {
  const stored: Parameters<Put>[2][] = []
  const hashed: ((digest: string) => void)[] = []
  const torrent = {
    pieceLength: BLOCK_BYTES,
    length: pieces * BLOCK_BYTES,
    bitfield: { get: () => false },
    destroyed: false,
    _hashes: Array.from({ length: pieces }, () => 'right'),
    store: { put: (_piece, _bytes, done) => void stored.push(done), get() {} },
  } as Partial<SwarmTorrent> as SwarmTorrent
  const memory = new PieceMemory()
  const verdicts = new PieceVerdicts({ badBlocks: new Map(), banned: new Set(), onBanned() {} })
  const table = new PieceTable(torrent, verdicts, memory)
  const hasher = {
    digest: (_memory: SharedArrayBuffer, _length: number, done: (digest: string) => void) => hashed.push(done),
  }
  let isClosed = false
  const finish = { torrent, table, verdicts, hasher, isClosed: () => isClosed, onStep() {} } as unknown as PieceFinish
  const memories = Array.from({ length: pieces }, (_, piece) => {
    table.noteAsked({ wireId: 1, piece, block: 0, blocks: 1, lengthBytes: BLOCK_BYTES }, 0)
    return table.get(piece)?.memory
  })
  return {
    memory,
    memories,
    complete(piece: number) {
      const buffer = table.get(piece)
      buffer?.put(0, new Uint8Array(BLOCK_BYTES), 'a')
      if (buffer) finishPiece(buffer, finish)
    },
    endHashing: () => hashed.shift()?.('right'),
    endStoring: () => stored.shift()?.(null),
    close() {
      isClosed = true
      table.close()
    },
  }
}

describe('PieceMemory', () => {
  it('is given back for pieces that were only begun when their torrent is put away', () => {
    const { memory, memories, close } = begin(3)
    close()
    expect(new Set([1, 2, 3].map(() => memory.take(BLOCK_BYTES)))).toEqual(new Set(memories))
  })

  it('is kept from others as long as a piece that was put away is still being hashed', () => {
    const { memory, memories, complete, endHashing, close } = begin(1)
    complete(0)
    close()
    expect(memory.take(BLOCK_BYTES)).not.toBe(memories[0])
    endHashing()
    expect(memory.take(BLOCK_BYTES)).toBe(memories[0])
  })

  it('is kept from others as long as a piece that was put away is still being written', () => {
    const { memory, memories, complete, endHashing, endStoring, close } = begin(1)
    complete(0)
    endHashing()
    close()
    expect(memory.take(BLOCK_BYTES)).not.toBe(memories[0])
    endStoring()
    expect(memory.take(BLOCK_BYTES)).toBe(memories[0])
  })
})
