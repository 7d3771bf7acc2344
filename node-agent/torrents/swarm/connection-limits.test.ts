/** Who may connect. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayAccept, mayQueue, nextToDial } from './connection-limits.ts'

const limits = { perTorrent: 10, total: 25, halfOpen: 4 }
const torrent = (open: number, pending = 0, queued = 5) => ({ open, pending, queued })

describe('nextToDial', () => {
  it.each<[string, [number, number, number][], number | undefined]>([
    [
      'the one with fewest peers',
      [
        [5, 0, 9],
        [2, 0, 9],
        [3, 0, 9],
      ],
      1,
    ],
    [
      'counting calls that are under way',
      [
        [2, 2, 9],
        [3, 0, 9],
      ],
      1,
    ],
    [
      'nobody without known peers',
      [
        [0, 0, 0],
        [5, 0, 1],
      ],
      1,
    ],
    [
      'nobody who has enough',
      [
        [10, 0, 9],
        [9, 0, 9],
      ],
      1,
    ],
    [
      'nobody when all have enough',
      [
        [10, 0, 9],
        [9, 1, 9],
      ],
      undefined,
    ],
    [
      'nobody when there are enough over all',
      [
        [9, 0, 9],
        [8, 0, 9],
        [8, 0, 9],
      ],
      undefined,
    ],
    [
      'nobody when too many have not answered',
      [
        [0, 3, 9],
        [0, 1, 9],
      ],
      undefined,
    ],
    ['nobody of none', [], undefined],
  ])('calls a peer of %s', (_what, all, expected) => {
    const torrents = all.map(([open, pending, queued]) => torrent(open, pending, queued))
    expect(nextToDial(torrents, limits)).toBe(expected === undefined ? undefined : torrents[expected])
  })

  it('never goes over a limit, however often it is asked', () => {
    const count = fc.nat(12)
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count)), (all) => {
        const torrents = all.map(([open, queued]) => torrent(open, 0, queued))
        const before = torrents.reduce((sum, { open }) => sum + open, 0)
        for (let next = nextToDial(torrents, limits); next; next = nextToDial(torrents, limits)) {
          next.queued--
          next.pending++
        }
        const pending = torrents.reduce((sum, one) => sum + one.pending, 0)
        expect(pending).toBeLessThanOrEqual(limits.halfOpen)
        expect(before + pending).toBeLessThanOrEqual(Math.max(before, limits.total))
        for (const one of torrents) if (one.pending > 0) expect(one.open + one.pending).toBeLessThanOrEqual(10)
      }),
    )
  })
})

describe('mayAccept', () => {
  it.each<[string, [number, number], boolean]>([
    ['while there is room', [9, 15], true],
    ['not when the torrent has enough', [10, 0], false],
    ['not when there are enough over all', [9, 16], false],
  ])('lets a peer in %s', (_what, [own, others], expected) => {
    const one = torrent(own)
    expect(mayAccept(one, [one, torrent(others)], limits)).toBe(expected)
  })
})

describe('mayQueue', () => {
  it('remembers a thousand addresses of a torrent, however many are named', () => {
    expect(mayQueue(torrent(0, 0, 999))).toBe(true)
    expect(mayQueue(torrent(0, 0, 1000))).toBe(false)
  })
})
