/** A torrent's bytes, found in its files. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileSpans } from './file-spans.ts'

const filesOf = (...sizes: number[]) => {
  let offsetBytes = 0
  return sizes.map((sizeBytes, index) => {
    const file = { index, path: `${index}`, diskName: `${index}`, isPadding: false, sizeBytes, offsetBytes }
    offsetBytes += sizeBytes
    return file
  })
}

describe('fileSpans', () => {
  it('splits a run over the files it touches, and skips empty ones', () => {
    const spans = fileSpans(filesOf(10, 0, 5, 20), 8, 10)
    expect(spans.map(({ file, position, offset, length }) => [file.index, position, offset, length])).toEqual([
      [0, 8, 0, 2],
      [2, 0, 2, 5],
      [3, 0, 7, 3],
    ])
  })

  it('covers every byte of the run once, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }),
        fc.nat(100),
        fc.nat(50),
        (sizes, start, length) => {
          const files = filesOf(...sizes)
          const total = sizes.reduce((sum, size) => sum + size, 0)
          const spans = fileSpans(files, start, length)
          const bytes = spans.flatMap((span) =>
            Array.from({ length: span.length }, (_, i) => span.file.offsetBytes + span.position + i),
          )
          const expected = Array.from({ length }, (_, i) => start + i).filter((byte) => byte < total)
          expect(bytes).toEqual(expected)
          for (const span of spans) expect(span.offset).toBe(span.file.offsetBytes + span.position - start)
        },
      ),
    )
  })
})
