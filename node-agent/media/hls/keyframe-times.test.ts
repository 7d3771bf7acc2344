/** Which places of a film are told to a player that seeks. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyframeList } from '#protocol/keyframe-list.ts'
import type { Rendition } from '#protocol/rendition.ts'
import { nothingFound } from '../../state/probe.ts'
import type { FilmInside } from '../film.ts'
import { VIDEO_TIMESCALE } from './copied-init.ts'
import { hlsMakers } from './hls-makers.ts'
import { keyframeTimes } from './keyframe-times.ts'
import { createCopies } from './open-copies.ts'
import { gridOf } from './segment-grid.ts'

const size = { width: 1920, height: 1080 }
const film = (timesSeconds?: number[], durationSeconds = 20): FilmInside => ({
  ...nothingFound,
  durationSeconds,
  tracks: {
    video: [
      { id: 1, ...size, framesPerSecond: 25 },
      { id: 9, ...size },
    ],
    audio: [],
    subtitles: [],
  },
  ...(timesSeconds && { keyframes: { timesSeconds, isClosed: true } }),
})
const copied: Rendition = { kind: 'video', trackId: 1 }
const made: Rendition = { kind: 'video', trackId: 1, made: { heightPixels: 720 } }

describe('the keyframes of a copied picture', () => {
  it('are all told, those within a segment too, and never before they begin', () => {
    expect(keyframeTimes(film([0, 1.0417, 2.5, 6.006, 8]), copied)).toEqual([0.001, 1.043, 2.501, 6.007, 8.001])
  })

  it('are left out where they stand closer than anybody points', () => {
    expect(keyframeTimes(film([0, 0.04, 0.08, 0.25, 0.3, 0.5, 3]), copied)).toEqual([0.001, 0.251, 0.501, 3.001])
  })

  it('come after the time that a segment gives the frame, whatever it is rounded to', () => {
    const times = fc.uniqueArray(fc.double({ min: 0, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(times, (found) => {
        const sorted = found.toSorted((a, b) => a - b)
        const told = keyframeTimes(film(sorted, 10_001), copied) ?? []
        const written = sorted.map((at) => Math.round(at * VIDEO_TIMESCALE) / VIDEO_TIMESCALE)
        expect(told.length).toBeGreaterThan(0)
        for (const at of told) expect(written.some((begins) => begins <= at && at - begins < 0.0016)).toBe(true)
        expect(told).toEqual(told.toSorted((a, b) => a - b))
      }),
    )
  })

  it.each<[string, FilmInside, Rendition]>([
    ['without an index', film(), copied],
    ['of a second picture, which is never cut by them', film([0, 2]), { kind: 'video', trackId: 9 }],
    ['of sound', film([0, 2]), { kind: 'audio', trackId: 2 }],
    ['of a track that is not there', film([0, 2]), { kind: 'video', trackId: 4, made: { heightPixels: 720 } }],
  ])('are not told %s', (_what, inside, rendition) => {
    expect(keyframeTimes(inside, rendition)).toBeUndefined()
  })
})

describe('the keyframes of a made picture', () => {
  it.each([
    ['with an index', film([0, 5, 9.1])],
    ['without one', film()],
  ])('stand at its cuts, or a frame later, %s', (_what, inside) => {
    const cuts = gridOf(inside, made).map(({ startSeconds }) => startSeconds)
    const told = keyframeTimes(inside, made) ?? []
    expect(told).toHaveLength(cuts.length)
    for (const [n, at] of told.entries()) {
      expect(at - (cuts[n] ?? 0)).toBeGreaterThan(0.04)
      expect(at - (cuts[n] ?? 0)).toBeLessThan(0.042)
    }
  })
})

describe('the list that a player asks for', () => {
  const copies = createCopies()
  const { keyframes } = hlsMakers(copies, async () => {
    throw new Error('nothing is made here')
  })
  const ask = (inside: FilmInside) => {
    const rest = {
      sourceId: 's',
      path: 'p',
      sizeBytes: 1,
      contentType: 'video/mp4',
      etag: '"e"',
      isOnDisk: () => false,
    }
    const read = () => Promise.reject(new Error('nothing is read for it'))
    const context = { signal: new AbortController().signal, correlationId: 'c', streamId: 's' }
    return keyframes({ ...rest, inside, read }, { kind: 'keyframes', rendition: copied }, context)
  }

  it('is made without reading the film', async () => {
    const { contentType, bytes } = await ask(film([0, 2]))
    expect(contentType).toBe('application/json')
    expect(KeyframeList.parse(JSON.parse(Buffer.from(bytes).toString()))).toEqual({ seconds: [0.001, 2.001] })
  })

  it('is not there for a film without an index', async () => {
    await expect(ask(film())).rejects.toMatchObject({ code: 'not_found' })
  })
})
