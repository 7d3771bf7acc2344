/** Sizes and levels of made video, and what is done to its frames. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VideoTrack } from '#protocol/tracks.ts'
import { pictureFilters, videoShape } from './video-shape.ts'

/** Macroblocks a frame and a second at most (ITU-T H.264, table A-1). */
const limits: Readonly<Record<number, readonly [number, number]>> = {
  30: [1620, 40_500],
  31: [3600, 108_000],
  32: [5120, 216_000],
  40: [8192, 245_760],
  42: [8704, 522_240],
}
const track = (change: Partial<VideoTrack> = {}): VideoTrack => ({ id: 1, width: 1920, height: 1080, ...change })
/** What is left of them when `framestep` has passed. */
const shownFrames = (one: VideoTrack, filters: readonly string[]) =>
  (one.framesPerSecond ?? 30) / Number(/framestep=(\d+)/.exec(filters.join())?.[1] ?? 1)

describe('videoShape', () => {
  it('is within the level that it names, whatever the film is', () => {
    const film = fc.record({
      width: fc.integer({ min: 16, max: 8192 }),
      height: fc.integer({ min: 16, max: 8192 }),
      framesPerSecond: fc.constantFrom(23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 100, 120, 240),
    })
    const common = [
      [1920, 1080],
      [3840, 2160],
      [854, 480],
      [640, 480],
    ] as const
    fc.assert(
      fc.property(film, fc.constantFrom<1080 | 720 | 480>(1080, 720, 480), (change, height) => {
        for (const [width, tall] of [[change.width, change.height] as const, ...common]) {
          const one = track({ ...change, width, height: tall })
          const shape = videoShape(one, height)
          const [mostInFrame, mostInSecond] = limits[shape.level] ?? [0, 0]
          const blocks = Math.ceil(shape.width / 16) * Math.ceil(shape.height / 16)
          expect(blocks).toBeLessThanOrEqual(mostInFrame)
          expect(blocks * shownFrames(one, pictureFilters(one, shape))).toBeLessThanOrEqual(mostInSecond)
          expect([shape.width % 2, shape.height % 2]).toEqual([0, 0])
        }
      }),
    )
  })

  it.each<[string, Partial<VideoTrack>, 1080 | 720 | 480, [number, number, string]]>([
    ['fits a picture of 16:9', {}, 720, [1280, 720, 'avc1.64001f']],
    ['makes nothing larger', { width: 640, height: 360 }, 1080, [640, 360, 'avc1.640028']],
    ['turns the frame for one that stands', { width: 1080, height: 1920 }, 480, [480, 854, 'avc1.64001f']],
    ['names a higher level for more frames', { framesPerSecond: 50 }, 1080, [1920, 1080, 'avc1.64002a']],
  ])('%s', (_what, change, height, [width, tall, codec]) => {
    expect(videoShape(track(change), height)).toMatchObject({ width, height: tall, codec })
  })
})

describe('pictureFilters', () => {
  const filters = (change: Partial<VideoTrack>) => pictureFilters(track(change), videoShape(track(change), 720)).join()
  it.each<[string, Partial<VideoTrack>, RegExp]>([
    ['HDR10 is mapped after it was made small', { hdr: 'hdr10' }, /^scale=.*zscale.*tonemap.*format=yuv420p$/],
    ['so is HLG', { hdr: 'hlg' }, /^scale=.*zscale.*tonemap.*format=yuv420p$/],
    ['ordinary colours are left alone', {}, /^scale=1280:720:flags=bicubic,setsar=1,format=yuv420p$/],
    ['what says that it is interlaced is made whole', { isInterlaced: true }, /^bwdif/],
    ['as is what usually is, and does not say', { format: 'mpeg2video' }, /^bwdif/],
    ['but not what says that it is not', { format: 'mpeg2video', isInterlaced: false }, /^scale/],
  ])('%s', (_what, change, expected) => {
    expect(filters(change)).toMatch(expected)
  })
})
