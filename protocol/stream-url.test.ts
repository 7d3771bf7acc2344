import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStreamPath, streamPath } from './stream-url.ts'

describe('the path of a stream', () => {
  it('is read back as it was built', () => {
    const token = fc.stringMatching(/^v1\.[A-Za-z0-9_-]{1,80}\.[A-Za-z0-9_-]{1,80}$/)
    fc.assert(
      fc.property(token, fc.constantFrom('file' as const, 'status' as const), (text, resource) => {
        expect(readStreamPath(streamPath(text, resource))).toEqual({ token: text, resource })
      }),
    )
  })

  it.each([
    '/api/stream/',
    '/api/stream',
    '/api/streams/abc',
    '/api/stream/abc/other',
    '/api/stream/abc/file',
    '/api/stream/abc/status/more',
    '/api/stream/abc?x=1',
    '/api/stream/../health',
    '/api/stream/a%2Fb',
    '/',
  ])('is not %s', (path) => {
    expect(readStreamPath(path)).toBeUndefined()
  })
})
