/** Where a segment is parted: by its frames alone, never where a picture would be decoded after it is shown. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CodedFrame } from './coded-frame.ts'
import { VIDEO_TIMESCALE } from './copied-init.ts'
import { type CutRuns, cutPictures, cutSound } from './cut-runs.ts'
import { writeRuns } from './fragment.ts'
import { createMemoryPool } from './memory-pool.ts'
import { readFragment, runsIn } from './read-fragment-for-tests.ts'

const memory = createMemoryPool()

/** `shown`: when each is shown, in frames of 24 a second, in decode order. */
const pictures = (shown: readonly number[]): CodedFrame[] =>
  shown.map((at, n) => ({ seconds: at / 24, isKey: n === 0, data: Uint8Array.of(n) }))
/** I, then each P before the B pictures that need it. */
const withB = (count: number, b: number) =>
  Array.from({ length: count }, (_, n) => {
    const group = Math.floor((n - 1) / (b + 1))
    const inGroup = (n - 1) % (b + 1)
    return n === 0 ? 0 : group * (b + 1) + (inGroup === 0 ? b + 1 : inGroup)
  })

/** Fed in lumps of these sizes, over and over. */
function feed(cut: CutRuns, frames: readonly CodedFrame[], lumps: readonly number[]): Uint8Array {
  const runs = []
  for (let [at, n] = [0, 0]; at < frames.length; n++) {
    const size = lumps[n % lumps.length] ?? 1
    runs.push(...cut.add(frames.slice(at, at + size)))
    at += size
  }
  return Uint8Array.from(writeRuns(memory, [...runs, ...cut.end()]))
}

describe('a segment of pictures', () => {
  it.each([
    ['no B pictures', 0],
    ['three between', 3],
    ['fifteen between', 15],
  ])('is parted about every half second with %s, and each run begins where the one before ends', (_what, b) => {
    const bytes = feed(cutPictures(5, true, 0), pictures(withB(113, b)), [113])
    const runs = runsIn(bytes)
    expect(runs.length).toBeGreaterThanOrEqual(4)
    const { begin, end, samples } = readFragment(bytes)
    expect([begin, end, samples.length]).toEqual([0, 5 * VIDEO_TIMESCALE, 113])
    expect(samples.map(({ presentation }) => presentation)).toEqual(
      withB(113, b).map((at) => Math.round((at * VIDEO_TIMESCALE) / 24)),
    )
  })

  it('is the same bytes however its frames arrive, in any order of pictures', () => {
    const order = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 150 })
    const lumps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(order, lumps, (shown, sizes) => {
        const atOnce = feed(cutPictures(9, true, 3), pictures(shown), [shown.length])
        expect(feed(cutPictures(9, true, 3), pictures(shown), sizes)).toEqual(atOnce)
        // Time never goes back, whatever the film says.
        let over = Number.NEGATIVE_INFINITY
        for (const { begin, end } of runsIn(atOnce)) {
          expect(begin).toBeGreaterThanOrEqual(over)
          over = end
        }
      }),
    )
  })

  it('gives a run as soon as the pictures after it have come, and nothing of none', () => {
    const cut = cutPictures(5, true, 0)
    const frames = pictures(withB(40, 3))
    expect(cut.add(frames.slice(0, 25))).toEqual([])
    expect(cut.add(frames.slice(25))).toHaveLength(1)
    expect(cutPictures(5, true, 0).end()).toEqual([])
  })
})

describe('a segment of sound', () => {
  const frames = (count: number, samples: number): CodedFrame[] =>
    Array.from({ length: count }, (_, n) => ({
      seconds: Math.round(((n * samples) / 48_000) * 1000) / 1000,
      isKey: true,
      data: Uint8Array.of(n),
    }))

  it('is parted where all frames are equally long, exactly to the sample', () => {
    const bytes = feed(cutSound(48_000, 'mp4a.40.2', 2), frames(280, 1024), [7, 31])
    expect(runsIn(bytes).length).toBeGreaterThanOrEqual(10)
    expect(readFragment(bytes)).toMatchObject({ begin: 0, end: 280 * 1024 })
    expect(feed(cutSound(48_000, 'mp4a.40.2', 2), frames(280, 1024), [280])).toEqual(bytes)
  })

  it('keeps to one run where they are not', () => {
    expect(runsIn(feed(cutSound(48_000, 'opus', 0), frames(280, 960), [280]))).toHaveLength(1)
  })

  it('says of no sound that there is none', () => {
    expect(readFragment(feed(cutSound(48_000, 'mp4a.40.2', 0), [], [1])).samples).toEqual([])
  })
})
