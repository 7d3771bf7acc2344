import { describe, expect, it } from 'vitest'
import { isSameFilm } from './is-same-film.ts'

const film = {
  sourceId: 's1',
  sizeBytes: 1000,
  contentType: 'video/x-matroska',
  plan: { mode: 'remux' as const, resource: 'hls/v1~a2/master.m3u8', reasons: ['plays_as_it_is' as never] },
}

describe('a film from another agent', () => {
  it.each([
    ['is the same for another reason', { plan: { ...film.plan, reasons: [] } }, true],
    [
      'is the same in another order',
      { plan: { reasons: [], resource: film.plan.resource, mode: film.plan.mode } },
      true,
    ],
    ['is another source', { sourceId: 's2' }, false],
    ['is another file', { sizeBytes: 1001 }, false],
    ['is of another kind', { contentType: 'video/mp4' }, false],
    ['is another rung', { plan: { ...film.plan, mode: 'transcode' as const } }, false],
    ['is made of other renditions', { plan: { ...film.plan, resource: 'hls/v1~a3/master.m3u8' } }, false],
    ['is the file as it is', { plan: { mode: 'direct' as const, reasons: [] } }, false],
  ])('%s', (_what, change, expected) => {
    expect(isSameFilm(film, { ...film, ...change })).toBe(expected)
  })
})
