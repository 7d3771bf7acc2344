/** How many lines so many bytes are usual for. */
import { expect, it } from 'vitest'
import type { ReleaseVideoCodec } from '#protocol/release.ts'
import { bitsPerSecond, likelyHeight, withLikelyHeight } from './estimate-quality.ts'
import { parseRelease } from './parse-release.ts'

const GB = 1e9

it.each<[number, ReleaseVideoCodec | undefined, number]>([
  [0.7, 'mpeg4', 480],
  [1.1, undefined, 576],
  [1.5, 'h264', 720],
  [1, 'hevc', 720],
  [4, 'h264', 1080],
  [2, 'av1', 1080],
  [4.5, 'mpeg2', 720],
  [9, 'av1', 2160],
  [50, undefined, 2160],
])('takes two hours of %s GB in %s for %s lines', (gigabytes, videoCodec, expected) => {
  const codec = videoCodec === undefined ? {} : { videoCodec }
  expect(likelyHeight({ ...codec, sizeBytes: gigabytes * GB, runtimeMinutes: 120 })).toBe(expected)
})

it('believes the name where it speaks, and says nothing where nothing is known', () => {
  expect(likelyHeight({ heightPixels: 720, sizeBytes: 50 * GB, runtimeMinutes: 120 })).toBe(720)
  expect(likelyHeight({ sizeBytes: undefined, runtimeMinutes: 120 })).toBeUndefined()
  expect(likelyHeight({ sizeBytes: GB, runtimeMinutes: 0 })).toBeUndefined()
  expect(bitsPerSecond({ sizeBytes: GB, runtimeMinutes: 40, seasons: { from: 1, to: 1 } })).toBeUndefined()
})

it('puts the guess beside what a release says, and never in its place', () => {
  const [silent, said] = ['Sintel.2010.BluRay.x264-GRP', 'Sintel.2010.720p.BluRay.x264-GRP'].map((name) =>
    withLikelyHeight(parseRelease(name, 2026), 8 * GB, 120),
  )
  expect(silent).toMatchObject({ likelyHeightPixels: 1080 })
  expect(silent).not.toHaveProperty('heightPixels')
  expect(said).toMatchObject({ heightPixels: 720 })
  expect(said).not.toHaveProperty('likelyHeightPixels')
})

it.each(['CAM', 'TS', 'TELECINE', 'VHSRip', 'WORKPRINT'])('guesses nothing of a %s, however large it is', (source) => {
  const release = parseRelease(`Sintel.2010.${source}.x264-GRP`, 2026)
  expect(withLikelyHeight(release, 8 * GB, 120)).toEqual(release)
  expect(release.source).toBeDefined()
})
