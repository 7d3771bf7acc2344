/** Display sets of PGS, whole and damaged. */
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindOfSet, setsOfWindow, writeSup } from './sup.ts'
import { makeSup } from './sup-for-tests.ts'
import { MOST_UNPACKED_BYTES, unpackBlock } from './unpack-block.ts'

const box = { startSeconds: 1, endSeconds: 2, width: 8, height: 4 }
const sup = makeSup([box])
/** As blocks hold them: without the headers. */
function setsOf(file: Uint8Array) {
  const sets = new Map<number, Buffer[]>()
  const bytes = Buffer.from(file)
  for (let at = 0; at < bytes.length; ) {
    const time = bytes.readUInt32BE(at + 2) / 90_000
    const next = at + 13 + bytes.readUInt16BE(at + 11)
    sets.set(time, [...(sets.get(time) ?? []), bytes.subarray(at + 10, next)])
    at = next
  }
  return [...sets].map(([atSeconds, parts]) => ({ atSeconds, data: Buffer.concat(parts) }))
}
const sets = setsOf(makeSup([box, { ...box, startSeconds: 50, endSeconds: 70 }]))

describe('a .sup', () => {
  it('is the same again when its headers were left out and are written anew', () => {
    expect(Buffer.compare(writeSup(setsOf(sup)), sup)).toBe(0)
  })
  it('begins with the picture that stands at the beginning of its window, and with no other', () => {
    const times = (startSeconds: number) => setsOfWindow(sets, startSeconds).map(({ atSeconds }) => atSeconds)
    expect(times(0)).toEqual([1, 2, 50, 70])
    expect(times(1.5)).toEqual([1, 2, 50, 70])
    expect(times(10)).toEqual([50, 70])
    expect(times(60)).toEqual([50, 70])
    expect(times(71)).toEqual([])
  })
  it('tells what begins and what ends', () => {
    expect(sets.map(({ data }) => kindOfSet(data))).toEqual([
      { beginsEpoch: true, isClear: false },
      { beginsEpoch: false, isClear: true },
      { beginsEpoch: true, isClear: false },
      { beginsEpoch: false, isClear: true },
    ])
  })
  it('is made of any bytes, and has only whole segments', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.double({ min: -5, max: 1e6, noNaN: true }),
        (data, atSeconds) => {
          const again = setsOf(writeSup([{ atSeconds, data }]))
          expect(again.reduce((sum, set) => sum + set.data.length, 0)).toBeLessThanOrEqual(data.length)
        },
      ),
    )
  })
})

describe('a packed block', () => {
  it('is unpacked as its track says', () => {
    const data = Buffer.from('hello')
    expect(unpackBlock(data, undefined)).toEqual(data)
    expect(unpackBlock(deflateSync(data), 'zlib')).toEqual(data)
    expect(unpackBlock(data, { strip: Buffer.from('oh ').toString('base64') })).toEqual(Buffer.from('oh hello'))
  })
  it('is nothing when it is damaged, or would fill the memory', () => {
    expect(unpackBlock(Buffer.from('hello'), 'zlib')).toBeUndefined()
    expect(unpackBlock(deflateSync(Buffer.alloc(MOST_UNPACKED_BYTES + 1)), 'zlib')).toBeUndefined()
  })
})
