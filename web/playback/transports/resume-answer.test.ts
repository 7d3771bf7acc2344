import { describe, expect, it } from 'vitest'
import { isSame, resumption } from './resume-answer.ts'

const file = { etag: '"a"', 'accept-ranges': 'bytes' }
const asked = new Headers({ range: 'bytes=100-' })

describe('an answer that broke off', () => {
  it.each([
    [
      'before its first byte is asked for as it was',
      206,
      { ...file, 'content-range': 'bytes 100-999/1000' },
      0,
      { range: 'bytes=100-' },
      0,
    ],
    [
      'of a part of a file goes on from its byte, if it is still that file',
      206,
      { ...file, 'content-range': 'bytes 100-999/1000' },
      50,
      { range: 'bytes=150-999', 'if-range': '"a"' },
      0,
    ],
    [
      'of a whole file goes on as a part',
      200,
      { ...file, 'content-length': '1000' },
      400,
      { range: 'bytes=400-999', 'if-range': '"a"' },
      0,
    ],
    [
      'of what has no ranges begins anew',
      200,
      { etag: '"a"', 'content-length': '1000' },
      400,
      { range: 'bytes=100-' },
      400,
    ],
    ['of what has no length begins anew', 200, file, 400, { range: 'bytes=100-' }, 400],
  ])('%s', (_, status, headers, gotBytes, expected, skipBytes) => {
    expect(resumption({ status, headers: new Headers(headers), gotBytes }, asked)).toEqual({
      headers: expected,
      skipBytes,
    })
  })
})

describe('a second answer', () => {
  const whole = { status: 200, headers: new Headers({ ...file, 'content-length': '1000' }), gotBytes: 400 }
  const made = { status: 200, headers: new Headers({ 'content-length': '1000' }), gotBytes: 400 }
  it.each([
    [
      'goes on with the file, whose tag was weakened on the way',
      whole,
      206,
      { etag: 'W/"a"', 'content-length': '600' },
      0,
      true,
    ],
    ['goes on with the file', whole, 206, { etag: '"a"', 'content-length': '600' }, 0, true],
    ['is of another file', whole, 206, { etag: '"b"', 'content-length': '600' }, 0, false],
    ['is whole where a part was wanted', whole, 200, { etag: '"a"', 'content-length': '1000' }, 0, false],
    ['is the same segment', made, 200, { 'content-length': '1000' }, 400, true],
    ['is a segment of another length', made, 200, { 'content-length': '1001' }, 400, false],
    ['is a refusal', made, 401, { 'content-length': '1000' }, 400, false],
    ['says no length', made, 200, {}, 400, true],
  ])('%s', (_, first, status, headers, skipBytes, expected) => {
    expect(
      isSame(first, { status, headers: new Headers(headers as Record<string, string>) }, { headers: {}, skipBytes }),
    ).toBe(expected)
  })
})
