/** What is fetched for seeding besides what anybody reads. */
import { describe, expect, it } from 'vitest'
import { Fill, type FillOptions } from './fill.ts'
import { BLOCK_BYTES } from './swarm-surface.ts'
import type { BlockMap } from './wanted-blocks.ts'

const PIECE = 2 * BLOCK_BYTES
const PIECES = 10
const everybody = () => 1

function fillOf(more: Partial<FillOptions> = {}) {
  const whole = new Set<number>()
  const asked = new Set<number>()
  const map: BlockMap = {
    pieceBytes: PIECE,
    lengthBytes: PIECES * PIECE,
    isWhole: (piece) => whole.has(piece),
    hasBlock: () => false,
    askedOf: (piece) => (asked.has(piece) ? [1] : []),
    sourceOf: () => undefined,
  }
  const fill = new Fill(map, {
    ranges: () => [{ from: 0, to: PIECES - 1 }],
    hasRoom: () => true,
    random: () => 0,
    ...more,
  })
  const begun = () => fill.wants.map(({ positionBytes }) => positionBytes / PIECE)
  return { fill, whole, asked, begun }
}

describe('Fill', () => {
  it('begins as many pieces as there is something to ask for, the rarest first', () => {
    const { fill, begun } = fillOf()
    fill.begin(2 * PIECE, (piece) => (piece === 7 ? 1 : 2), 0)
    expect(begun()).toEqual([7, 0])
    fill.begin(2 * PIECE, everybody, 0)
    expect(begun()).toEqual([7, 0])
  })

  it('begins the next when those begun are asked for or whole', () => {
    const { fill, asked, whole, begun } = fillOf()
    fill.begin(PIECE, everybody, 0)
    asked.add(0)
    fill.begin(PIECE, everybody, 0)
    expect(begun()).toEqual([0, 1])
    whole.add(0).add(1)
    fill.begin(PIECE, everybody, 0)
    expect(begun()).toEqual([2])
  })

  it('is needed by nobody, ever, and only when it has verified', () => {
    const { fill } = fillOf()
    fill.begin(1, everybody, 0)
    expect(fill.wants).toMatchObject([{ neededInSeconds: Number.POSITIVE_INFINITY, verifiedOnly: true }])
  })

  it('takes no room that anything else would have to go for', () => {
    const { fill, begun } = fillOf({ hasRoom: (bytes) => bytes <= 3 * PIECE })
    fill.begin(PIECES * PIECE, everybody, 0)
    expect(begun()).toHaveLength(3)
  })

  it('looks again after a while when nobody had what was missing', () => {
    let looks = 0
    const ranges = () => {
      looks++
      return [{ from: 0, to: 3 }]
    }
    const { fill, begun } = fillOf({ ranges })
    for (let ms = 0; ms < 1000; ms += 10) fill.begin(PIECE, () => 0, ms)
    expect([looks, begun()]).toEqual([1, []])
    fill.begin(PIECE, everybody, 6000)
    expect([looks, begun()]).toEqual([2, [0]])
  })

  it('goes on with others when those who had a begun piece have left', () => {
    const { fill, begun } = fillOf()
    fill.begin(PIECE, (piece) => (piece === 4 ? 1 : 0), 0)
    fill.begin(PIECE, (piece) => (piece === 4 ? 0 : 1), 10_000)
    expect(begun()).toEqual([4, 0])
  })
})
