import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStreamPath, type StreamResource, streamPath } from './stream-url.ts'

const video = { kind: 'video', trackId: 1 } as const
const resources: StreamResource[] = [
  { kind: 'file' },
  { kind: 'status' },
  { kind: 'master', renditions: [video, { kind: 'audio', trackId: 2, made: { channels: 2 } }] },
  { kind: 'playlist', rendition: { kind: 'subtitles', trackId: 'e3' } },
  { kind: 'iframes', rendition: video },
  { kind: 'keyframes', rendition: video },
  { kind: 'keyframes', rendition: { ...video, made: { heightPixels: 720 } }, cutBy: 'whole' },
  { kind: 'init', rendition: video },
  { kind: 'segment', rendition: video, index: 17 },
  { kind: 'iframe', rendition: video, index: 17 },
  { kind: 'master', renditions: [video], cutBy: 'whole' },
  { kind: 'segment', rendition: video, index: 17, cutBy: 'whole' },
  { kind: 'subtitle-head', trackId: 'e3' },
  { kind: 'subtitle', trackId: 'u1', index: 0, format: 'vtt' },
  { kind: 'font', index: 2 },
  { kind: 'thumbnail', index: 400 },
]

describe('the path of a stream', () => {
  it('is read without ever throwing, whatever it is', () => {
    const parts = fc.constantFrom(
      'hls',
      'hls-whole',
      'v1',
      'a1-aac2',
      'index.m3u8',
      'keyframes.json',
      '0.m4s',
      'subtitles',
      'e1',
      '..',
      '',
      '1.vtt',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string()), { maxLength: 5 }), (words) => {
        const path = `/api/stream/token/${words.join('/')}`
        const read = readStreamPath(path)
        if (read) expect(streamPath(read.token, read.resource)).toBe(path)
      }),
    )
  })

  it('is read back as it was built', () => {
    const token = fc.stringMatching(/^v1\.[A-Za-z0-9_-]{1,80}\.[A-Za-z0-9_-]{1,80}$/)
    fc.assert(
      fc.property(token, fc.constantFrom(...resources), (text, resource) => {
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
    '/api/stream/abc/hls/v1/01.m4s',
    '/api/stream/abc/hls/v1/i01.m4s',
    '/api/stream/abc/hls/a1/i1.m4s',
    '/api/stream/abc/hls/a1/keyframes.json',
    '/api/stream/abc/hls/se1/keyframes.json',
    '/api/stream/abc/hls/v1+/master.m3u8',
    '/api/stream/abc/hls/se1/0.m4s',
    '/api/stream/abc/hls-whole/status',
    '/api/stream/abc/hls-whole/v1/01.m4s',
    '/api/stream/abc/subtitles/../0.vtt',
    '/api/stream/abc/subtitles/e1/0.html',
    '/api/stream/abc/fonts/0/more',
    '/api/stream/abc?x=1',
    '/api/stream/../health',
    '/api/stream/a%2Fb',
    '/',
  ])('is not %s', (path) => {
    expect(readStreamPath(path)).toBeUndefined()
  })
})
