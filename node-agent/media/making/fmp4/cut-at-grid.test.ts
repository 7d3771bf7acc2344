/** Which samples make a segment, and when it is known to be whole. */
import { describe, expect, it } from 'vitest'
import { type Cutter, cutAtGrid } from './cut-at-grid.ts'

const grid = [0, 1, 3, 5].map((startSeconds, n, all) => ({ startSeconds, endSeconds: all[n + 1] ?? 7 }))
/** Ten ticks a second, a sample each tick; cut at whole seconds. */
const sample = (time: number, isSync = false, durationTicks = 1) => ({
  time,
  durationTicks,
  isSync,
  data: new Uint8Array(),
})
const fragment = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => sample(from + n, n === 0))
const feed = (cutter: Cutter, from: number, to: number) => [
  ...fragment(from, to).flatMap((one) => cutter.push(one)),
  ...cutter.endFragment(),
]
const said = (segments: ReturnType<Cutter['end']>) =>
  segments.map(({ index, startTicks, endTicks, samples }) => [index, startTicks, endTicks, samples.length])

describe('cutAtGrid', () => {
  it('gives a segment when its fragment is over, before the next begins', () => {
    const cutter = cutAtGrid(grid, 0, 10)
    expect(said(feed(cutter, 0, 10))).toEqual([[0, 0, 10, 10]])
    expect(said(feed(cutter, 10, 30))).toEqual([[1, 10, 30, 20]])
    expect(said(feed(cutter, 30, 40))).toEqual([])
    expect(said(feed(cutter, 40, 50))).toEqual([[2, 30, 50, 20]])
  })

  it('gives the same segments without being told of fragments', () => {
    const told = cutAtGrid(grid, 0, 10)
    const untold = cutAtGrid(grid, 0, 10)
    const early = [
      ...feed(told, 0, 10),
      ...feed(told, 10, 30),
      ...feed(told, 30, 50),
      ...feed(told, 50, 70),
      ...told.end(),
    ]
    const late = [0, 10, 30, 50].flatMap((from, n) =>
      fragment(from, [10, 30, 50, 70][n] ?? 0).flatMap((one) => untold.push(one)),
    )
    expect(said(early)).toEqual(said([...late, ...untold.end()]))
  })

  it('waits for the next sample over a gap that passes over a segment, which is then empty', () => {
    const cutter = cutAtGrid(grid, 0, 10)
    const long = [sample(0, true), sample(1, false, 39)].flatMap((one) => cutter.push(one))
    expect(said([...long, ...cutter.endFragment()])).toEqual([])
    expect(said(cutter.push(sample(40, true)))).toEqual([
      [0, 0, 10, 2],
      [1, 10, 40, 0],
    ])
  })
})
