/** What is begun before anybody asks. */
import { describe, expect, it } from 'vitest'
import type { PlayPlan } from '#protocol/play-plan.ts'
import { renditionName } from '#protocol/rendition.ts'
import { nothingFound } from '../../state/probe.ts'
import type { Film } from '../film.ts'
import { createPreparePlay, firstRenditions } from './prepare-play.ts'

const planOf = (names: string): PlayPlan => ({
  ...{ mode: 'transcode', reasons: [], resource: `hls/${names}/master.m3u8` },
})
const film: Film = {
  ...{ sourceId: 'source-1', path: 'film.mkv', sizeBytes: 1, contentType: 'video/x-matroska', etag: '""' },
  inside: { ...nothingFound, durationSeconds: 60 },
  read: async () => new Uint8Array(),
  isOnDisk: () => true,
}
const context = { signal: new AbortController().signal, streamId: 'stream-1', correlationId: 'correlation-1' }

describe('what is made of a plan before anybody asks', () => {
  it.each<[string, string[]]>([
    ['v1-720+v1-480+a2-aac2+a3-aac2', ['v1-720', 'a2-aac2']],
    ['v1-720+v1-480+a2+se3', ['v1-720', 'a2']],
    ['v1+a2-aac6', ['v1', 'a2-aac6']],
    ['v1', ['v1']],
  ])('of %s is %j', (names, expected) => {
    expect(firstRenditions(planOf(names)).map(renditionName)).toEqual(expected)
  })

  it('of a file that is played as it is, is nothing', () => {
    expect(firstRenditions({ mode: 'direct', reasons: [] })).toEqual([])
  })

  it('is the init, and the segment where the viewer left off; their memory is given back', async () => {
    const asked: string[] = []
    let released = 0
    const looks: unknown[] = []
    const openFilm = async (_file: unknown, _context: unknown, look: unknown) => {
      looks.push(look)
      return film
    }
    const prepare = createPreparePlay(openFilm, {
      async init(_film, { rendition }) {
        asked.push(`${renditionName(rendition)} init`)
        throw new Error('cannot be made')
      },
      async segment(_film, { rendition, index }) {
        asked.push(`${renditionName(rendition)} ${index}`)
        return { contentType: 'video/mp4', bytes: new Uint8Array(1), release: () => released++ }
      },
    })
    prepare(film, planOf('v1-720+a2-aac2'), 31, context)
    await expect.poll(() => released).toBe(2)
    expect(asked).toEqual(['v1-720 init', 'v1-720 16', 'a2-aac2 init', 'a2-aac2 5'])
    expect(looks).toEqual(['first'])
    const { resource = '', ...plan } = planOf('v1')
    prepare(film, { ...plan, resource: resource.replace('hls/', 'hls-whole/') }, 0, context)
    await expect.poll(() => looks).toEqual(['first', 'whole'])
  })
})
