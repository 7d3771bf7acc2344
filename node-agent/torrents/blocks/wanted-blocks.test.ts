/** What readers want, in which order. */
import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES } from './swarm-surface.ts'
import { type BlockMap, isWanted, touchesPiece, type Want, wantedBlocks } from './wanted-blocks.ts'

const PIECE = 4 * BLOCK_BYTES
const map = (more: Partial<BlockMap> = {}): BlockMap => ({
  pieceBytes: PIECE,
  lengthBytes: 10 * PIECE - 100,
  isWhole: () => false,
  hasBlock: () => false,
  askedOf: () => [],
  sourceOf: () => undefined,
  ...more,
})
const want = (more: Partial<Want> = {}): Want => ({
  positionBytes: 0,
  endBytes: 2 * PIECE,
  bytesPerSecond: BLOCK_BYTES,
  neededInSeconds: 0,
  isStarting: false,
  verifiedOnly: false,
  behindPiece: undefined,
  ...more,
})
const names = (blocks: { piece: number; block: number }[]) => blocks.map(({ piece, block }) => `${piece}.${block}`)

describe('wantedBlocks', () => {
  it('goes from the block under the playhead to the end of the window', () => {
    const wanted = wantedBlocks(map(), [want({ positionBytes: BLOCK_BYTES + 5, endBytes: PIECE + 1 })], {
      unasked: 99,
      asked: 64,
    })
    expect(names(wanted)).toEqual(['0.1', '0.2', '0.3', '1.0'])
    expect(wanted.map(({ dueSeconds }) => Math.round(dueSeconds))).toEqual([0, 1, 2, 3])
  })

  it('leaves out what has arrived, and pieces that are whole', () => {
    const there = map({ isWhole: (piece) => piece === 1, hasBlock: (piece, block) => piece === 0 && block < 2 })
    expect(names(wantedBlocks(there, [want({ endBytes: 3 * PIECE })], { unasked: 99, asked: 64 }))).toEqual([
      '0.2',
      '0.3',
      '2.0',
      '2.1',
      '2.2',
      '2.3',
    ])
  })

  it('knows that the last block is shorter', () => {
    const [last] = wantedBlocks(map(), [want({ positionBytes: 10 * PIECE - 200, endBytes: 10 * PIECE - 100 })], {
      unasked: 99,
      asked: 64,
    })
    expect(last).toMatchObject({ piece: 9, block: 3, lengthBytes: BLOCK_BYTES - 100 })
  })

  it('stops when there is enough to ask for, and names what is asked for already on the way', () => {
    const asked = map({ askedOf: (_, block) => (block < 2 ? [7] : []) })
    expect(names(wantedBlocks(asked, [want()], { unasked: 1, asked: 64 }))).toEqual(['0.0', '0.1', '0.2'])
  })

  it('wants whole pieces for a reader that takes only verified ones', () => {
    const wanted = wantedBlocks(
      map(),
      [want({ positionBytes: 3 * BLOCK_BYTES, endBytes: PIECE, verifiedOnly: true })],
      { unasked: 99, asked: 64 },
    )
    expect(names(wanted)).toEqual(['0.0', '0.1', '0.2', '0.3'])
    expect(new Set(wanted.map(({ dueSeconds }) => dueSeconds))).toEqual(new Set([0]))
  })

  it('wants the whole of a piece that failed before, from its one source', () => {
    const suspect = map({ sourceOf: (piece) => (piece === 0 ? 7 : undefined) })
    const wants = [want({ positionBytes: 3 * BLOCK_BYTES, endBytes: PIECE + 1 })]
    const wanted = wantedBlocks(suspect, wants, { unasked: 99, asked: 64 })
    expect(names(wanted)).toEqual(['0.0', '0.1', '0.2', '0.3', '1.0'])
    expect(wanted.map(({ source }) => source)).toEqual([7, 7, 7, 7, undefined])
    expect(isWanted(suspect, wants, 0, 0)).toBe(true)
    expect(isWanted(suspect, wants, 1, 1)).toBe(false)
  })

  it('completes the piece a reader began in, after what is next ahead', () => {
    const wanted = wantedBlocks(
      map(),
      [want({ positionBytes: PIECE, endBytes: PIECE + 8 * BLOCK_BYTES, behindPiece: 0 })],
      { unasked: 99, asked: 64 },
    )
    expect(names(wanted).indexOf('0.0')).toBeGreaterThan(names(wanted).indexOf('1.3'))
    expect(names(wanted).indexOf('0.0')).toBeLessThan(names(wanted).indexOf('2.3'))
  })

  it('wants each block once, for whoever needs it first', () => {
    const wanted = wantedBlocks(map(), [want({ positionBytes: 0 }), want({ positionBytes: PIECE })], {
      unasked: 99,
      asked: 64,
    })
    expect(names(wanted).slice(0, 4)).toEqual(['0.0', '1.0', '0.1', '1.1'])
    expect(new Set(names(wanted)).size).toBe(wanted.length)
  })

  it('puts a reader that waits before one that has something in hand', () => {
    const wanted = wantedBlocks(
      map(),
      [want({ neededInSeconds: 2 }), want({ positionBytes: 5 * PIECE, endBytes: 5 * PIECE + 2 * BLOCK_BYTES })],
      { unasked: 99, asked: 64 },
    )
    expect(names(wanted).slice(0, 2)).toEqual(['5.0', '5.1'])
  })

  it('marks the first 64 KiB of a reader that has nothing yet', () => {
    const first = (more: Partial<Want>) =>
      wantedBlocks(map(), [want(more)], { unasked: 99, asked: 64 }).filter(({ isFirst }) => isFirst)
    expect(names(first({ isStarting: true }))).toEqual(['0.0', '0.1', '0.2', '0.3'])
    expect(first({ isStarting: false })).toEqual([])
    expect(first({ isStarting: true, verifiedOnly: true })).toEqual([])
  })
})

describe('isWanted', () => {
  const wants = [want({ positionBytes: BLOCK_BYTES + 5, endBytes: PIECE + 1, behindPiece: 7 })]
  it.each([
    [0, 0, false],
    [0, 1, true],
    [1, 0, true],
    [1, 1, false],
    [7, 3, true],
  ])('piece %i, block %i: %s', (piece, block, expected) => {
    expect(isWanted(map(), wants, piece, block)).toBe(expected)
  })

  it('wants all of the pieces of a reader that takes only verified ones', () => {
    const whole = [want({ positionBytes: PIECE + 3 * BLOCK_BYTES, endBytes: 2 * PIECE, verifiedOnly: true })]
    expect(isWanted(map(), whole, 1, 0)).toBe(true)
    expect(isWanted(map(), whole, 2, 0)).toBe(false)
  })

  it('wants nothing when nobody reads', () => {
    expect(isWanted(map(), [], 0, 0)).toBe(false)
    expect(touchesPiece(map(), [], 0)).toBe(false)
  })
})
