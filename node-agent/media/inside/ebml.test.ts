/** EBML from strangers: read where it is sound, and never more than it is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { children, readElement, readUint, readVint } from './ebml.ts'
import { readFrames } from './matroska-blocks.ts'
import { readAttachments, readChapters, readCues } from './matroska-index.ts'
import { readTracks } from './matroska-tracks.ts'
import { readMatroska } from './read-matroska.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('EBML', () => {
  it.each<[string, string, number | undefined]>([
    ['one byte', '81', 1],
    ['two bytes', '40 02', 2],
    ['eight bytes', '01 00 00 00 00 00 00 ff', 255],
    ['nothing', '', undefined],
    ['a zero first byte', '00 01', undefined],
    ['a number that is cut off', '10 00', undefined],
  ])('reads a number of %s', (_what, bytes, value) => {
    expect(readVint(hex(bytes), 0)?.value).toBe(value)
  })

  it('knows a size that nobody knows', () => {
    expect(readElement(hex('1f43b675 ff e7 81 05'), 0)).toMatchObject({
      isUnknownSize: true,
      isWhole: false,
      dataEnd: 8,
    })
  })

  it('refuses a size past 2^53', () => {
    expect(readElement(hex('ec 01 ff ff ff ff ff ff fe'), 0)).toBeUndefined()
  })

  it('reads laced frames of every kind', () => {
    const block = (flags: string, rest: string) => {
      const data = `81 0005 ${flags} ${rest}`.replaceAll(' ', '')
      return hex(`a3 ${(0x80 + data.length / 2).toString(16)} ${data}`)
    }
    const frames = (bytes: Uint8Array) =>
      [...readFrames(bytes, 100)].map(({ data, ticks, lace }) => [ticks, lace, Buffer.from(data).toString('hex')])
    expect(frames(block('80', 'aabb'))).toEqual([[105, 0, 'aabb']])
    expect(frames(block('82', '01 01 aa bbcc'))).toEqual([
      [105, 0, 'aa'],
      [105, 1, 'bbcc'],
    ])
    expect(frames(block('84', '01 aabb ccdd'))).toEqual([
      [105, 0, 'aabb'],
      [105, 1, 'ccdd'],
    ])
    expect(frames(block('86', '02 81 c0 aa bbcc dd'))).toEqual([
      [105, 0, 'aa'],
      [105, 1, 'bbcc'],
      [105, 2, 'dd'],
    ])
    expect(frames(block('82', '01 09 aa'))).toEqual([])
  })

  it('ends with any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const element of children(bytes)) {
          expect(element.dataEnd).toBeLessThanOrEqual(bytes.length)
          readUint(bytes, element)
          readAttachments(bytes, element, 0, 1000)
        }
        for (const { data } of readFrames(bytes)) expect(data.length).toBeLessThanOrEqual(bytes.length)
        readTracks(bytes)
        readChapters(bytes)
        readCues(bytes, 0, 1000)
      }),
      { numRuns: 500 },
    )
  })

  it('reads a bounded part of a file that lies about its sizes', async () => {
    const head = fc.tuple(
      fc.constantFrom('114d9b74', '1549a966', '1654ae6b', '1c53bb6b', '1043a770', '1941a469', '1f43b675'),
      fc.uint8Array({ minLength: 0, maxLength: 40 }),
      fc.constantFrom('ff', '01 00 00 7f ff ff ff ff', '08 ff ff ff', '88', '84'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(head, { maxLength: 8 }), async (elements) => {
        const body = elements.map(([id, data, size]) => Buffer.concat([hex(id), hex(size), data]))
        const bytes = Buffer.concat([hex('1a45dfa3 80 18538067 ff'), ...body])
        let fetched = 0
        await readMatroska(100_000_000_000, async (start, end) => {
          fetched += end - start
          const part = new Uint8Array(Math.min(end - start, 20_000_000))
          part.set(bytes.subarray(Math.min(start, bytes.length), Math.min(end, bytes.length)))
          return part
        })
        expect(fetched).toBeLessThan(40_000_000)
      }),
      { numRuns: 60 },
    )
  })
})
