/** Conditional requests against one strong tag. */
import { describe, expect, it } from 'vitest'
import { checkPreconditions, rangeCounts } from './preconditions.ts'

const etag = '"abc"'

describe('checkPreconditions', () => {
  it.each([
    [{}, 'go_on'],
    [{ 'if-match': '"abc"' }, 'go_on'],
    [{ 'if-match': '*' }, 'go_on'],
    [{ 'if-match': '"x", "abc"' }, 'go_on'],
    [{ 'if-match': '"x"' }, 'failed'],
    [{ 'if-match': 'W/"abc"' }, 'failed'],
    [{ 'if-match': 'abc' }, 'failed'],
    [{ 'if-none-match': '"abc"' }, 'not_modified'],
    [{ 'if-none-match': 'W/"abc"' }, 'not_modified'],
    [{ 'if-none-match': '*' }, 'not_modified'],
    [{ 'if-none-match': '"x" , "abc"' }, 'not_modified'],
    [{ 'if-none-match': '"x"' }, 'go_on'],
    [{ 'if-match': '"x"', 'if-none-match': '"abc"' }, 'failed'],
    [{ 'if-modified-since': 'Thu, 01 Jan 2032 00:00:00 GMT' }, 'go_on'],
    [{ 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 'go_on'],
  ])('decides %j', (headers, expected) => {
    expect(checkPreconditions(headers, etag)).toBe(expected)
  })
})

describe('rangeCounts', () => {
  it.each([
    [{}, true],
    [{ 'if-range': '"abc"' }, true],
    [{ 'if-range': ' "abc" ' }, true],
    [{ 'if-range': '"x"' }, false],
    [{ 'if-range': 'W/"abc"' }, false],
    [{ 'if-range': '"abc", "x"' }, false],
    [{ 'if-range': '*' }, false],
    [{ 'if-range': 'Thu, 01 Jan 2032 00:00:00 GMT' }, false],
    [{ 'if-range': '' }, false],
  ])('decides %j', (headers, expected) => {
    expect(rangeCounts(headers, etag)).toBe(expected)
  })
})
