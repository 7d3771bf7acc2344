import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { mergeSup, readSets } from './merge-sup.ts'

function segment(type: number, pts: number, body: number[]): number[] {
  const size = body.length
  const times = [pts >>> 24, (pts >> 16) & 255, (pts >> 8) & 255, pts & 255, 0, 0, 0, 0]
  return [0x50, 0x47, ...times, type, size >> 8, size & 255, ...body]
}
/** A display set of one composition of 1920 × 1080 with one object. */
const set = (seconds: number) => [
  ...segment(0x16, seconds * 90_000, [7, 128, 4, 56, 16, 0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 9, 0, 9]),
  ...segment(0x80, seconds * 90_000, []),
]
const secondsOf = (bytes: Uint8Array) => readSets(bytes).map(({ pts }) => pts / 90_000)

it('puts windows together in order, a picture that stands across the border once, and ends the last', () => {
  const windows = [new Uint8Array([...set(50), ...set(58)]), new Uint8Array([...set(58), ...set(62)])]
  expect(secondsOf(mergeSup(windows, 120))).toEqual([50, 58, 62, 120])
})

it('ends with a screen that holds nothing', () => {
  const last = readSets(mergeSup([new Uint8Array(set(1))], 60)).at(-1)
  expect([...(last?.composition ?? [])]).toEqual([7, 128, 4, 56, 16, 0, 1, 0x80, 0, 0, 0])
})

it('gives nothing for windows without a picture', () => {
  expect(mergeSup([new Uint8Array(), new Uint8Array()], 60)).toHaveLength(0)
})

it('leaves out a set that was cut off', () => {
  const whole = new Uint8Array([...set(1), ...set(2)])
  expect(readSets(whole.subarray(0, whole.length - 3)).map(({ pts }) => pts)).toEqual([90_000])
})

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(60), (noise, cut) => {
      const bytes = new Uint8Array([...set(3).slice(0, cut), ...noise])
      expect(secondsOf(mergeSup([bytes, new Uint8Array(set(5))], 60))).toContain(5)
    }),
  )
})
