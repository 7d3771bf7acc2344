import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeToHome,
  decodeToViewer,
  encodeToHome,
  encodeToViewer,
  LANE_BODY_BYTES,
  LANE_MESSAGE_BYTES,
  LARGEST_WINDOW_BYTES,
  SMALLEST_WINDOW_BYTES,
  type ToHome,
  type ToViewer,
} from './p2p.ts'

const id = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const toHome: fc.Arbitrary<ToHome> = fc.oneof(
  fc.record({
    type: fc.constant('request' as const),
    id,
    request: fc.record({
      method: fc.constantFrom('GET' as const, 'HEAD' as const),
      path: fc.string({ unit: 'grapheme', maxLength: 200 }).map((rest) => `/api/stream/${rest}`),
      headers: fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,20}$/), fc.string({ maxLength: 100 }), { maxKeys: 8 }),
      windowBytes: fc.integer({ min: SMALLEST_WINDOW_BYTES, max: LARGEST_WINDOW_BYTES }),
    }),
  }),
  fc.record({ type: fc.constant('credit' as const), id, bytes: fc.integer({ min: 1, max: LARGEST_WINDOW_BYTES }) }),
  fc.record({ type: fc.constant('cancel' as const), id }),
)
const toViewer: fc.Arbitrary<ToViewer> = fc.oneof(
  fc.record({
    type: fc.constant('head' as const),
    id,
    head: fc.record({
      status: fc.integer({ min: 200, max: 599 }),
      headers: fc.dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), fc.string({ unit: 'grapheme', maxLength: 100 })),
    }),
  }),
  fc.record({
    type: fc.constant('body' as const),
    id,
    bytes: fc.uint8Array({ maxLength: 2000 }).map((bytes) => new Uint8Array(bytes)),
  }),
  fc.record({ type: fc.constant('end' as const), id }),
  fc.record({
    type: fc.constant('failed' as const),
    id,
    error: fc.record({ code: fc.constant('token_revoked' as const), message: fc.string() }),
  }),
)
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

describe('messages of a lane', () => {
  it('are read at home as the viewer wrote them', () => {
    fc.assert(
      fc.property(toHome, (message) => {
        expect(plain(decodeToHome(encodeToHome(message)))).toEqual(plain(message))
      }),
    )
  })

  it('are read by the viewer as home wrote them', () => {
    fc.assert(
      fc.property(toViewer, (message) => {
        expect(plain(decodeToViewer(encodeToViewer(message)))).toEqual(plain(message))
      }),
    )
  })

  it('are refused with `invalid`, and nothing else happens, when they are noise', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.constantFrom(1, 2, 3, 17, 18, 19, 20), fc.uint8Array({ maxLength: 40 }))
        .map(([type, rest]) => Uint8Array.of(type, ...rest)),
      // What was well-formed, with one byte changed.
      fc
        .tuple(fc.oneof(toHome.map(encodeToHome), toViewer.map(encodeToViewer)), fc.nat(), fc.nat(255))
        .map(([bytes, at, value]) => {
          const changed = new Uint8Array(bytes)
          changed[at % changed.length] = value
          return changed
        }),
    )
    fc.assert(
      fc.property(noise, (bytes) => {
        for (const decode of [decodeToHome, decodeToViewer]) {
          try {
            expect(decode(new Uint8Array(bytes)).id).toBeTypeOf('number')
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid' })
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, object]>([
    ['another method', { method: 'POST' }],
    ['a path of the edge’s own', { path: '/api/me' }],
    ['a header whose name is in capitals', { headers: { Range: 'bytes=0-' } }],
    [
      'more headers than a player has',
      { headers: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`x-${n}`, ''])) },
    ],
    ['no window', { windowBytes: 0 }],
    ['a window that holds the film', { windowBytes: LARGEST_WINDOW_BYTES + 1 }],
    ['a word that nobody knows', { body: 'x' }],
  ])('ask with nothing like %s', (_what, change) => {
    const request = { method: 'GET', path: '/api/stream/t', headers: {}, windowBytes: LARGEST_WINDOW_BYTES, ...change }
    const text = new TextEncoder().encode(JSON.stringify(request))
    const message = Uint8Array.of(1, 0, 0, 0, 7, ...text)
    expect(() => decodeToHome(message)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('give no credit of nothing, nor of more than any window', () => {
    for (const bytes of [0, LARGEST_WINDOW_BYTES + 1]) {
      const message = encodeToHome({ type: 'credit', id: 1, bytes })
      expect(() => decodeToHome(message)).toThrow(expect.objectContaining({ code: 'invalid' }))
    }
  })

  it('are never longer than a message may be', () => {
    const most = { type: 'body', id: 1, bytes: new Uint8Array(LANE_BODY_BYTES) } as const
    expect(encodeToViewer(most)).toHaveLength(LANE_MESSAGE_BYTES)
    const more = { ...most, bytes: new Uint8Array(LANE_BODY_BYTES + 1) }
    expect(() => encodeToViewer(more)).toThrow(expect.objectContaining({ code: 'too_large' }))
    expect(() => decodeToViewer(new Uint8Array(LANE_MESSAGE_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })
})
