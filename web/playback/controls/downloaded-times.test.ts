import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { downloadedTimes } from './downloaded-times.ts'

const status = (sizeBytes: number, buffered: [number, number][]) =>
  ({ state: 'downloading', peers: 1, bytesPerSecond: 1, downloadedBytes: 0, sizeBytes, buffered }) as const

it('turns bytes on disk into times by proportion', () => {
  expect(
    downloadedTimes(
      {
        ...status(1000, [
          [0, 250],
          [500, 1000],
        ]),
        buffered: [
          [0, 250],
          [500, 1000],
        ],
      },
      60,
    ),
  ).toEqual([
    { start: 0, end: 15 },
    { start: 30, end: 60 },
  ])
})

it('shows nothing while nothing is known', () => {
  expect(downloadedTimes(undefined, 60)).toEqual([])
  expect(downloadedTimes({ ...status(0, []), buffered: [[0, 1]] }, 60)).toEqual([])
  expect(downloadedTimes({ ...status(10, []), buffered: [[0, 1]] }, 0)).toEqual([])
})

it('never leaves the film, whatever home says', () => {
  const range = fc.tuple(fc.nat(), fc.nat())
  fc.assert(
    fc.property(fc.nat(), fc.array(range), fc.integer({ min: 1, max: 20_000 }), (size, buffered, duration) => {
      for (const { start, end } of downloadedTimes({ ...status(size, []), buffered }, duration)) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(duration)
        expect(start).toBeLessThanOrEqual(end)
      }
    }),
  )
})
