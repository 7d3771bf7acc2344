import { expect, it } from 'vitest'
import { resourcePath } from '#protocol/stream-url.ts'
import { audioTrackOf, audioTracksIn } from './master-tracks.ts'

const video = { kind: 'video', trackId: 1 } as const

it('reads the sounds of a master playlist in its order, each track once', () => {
  const resource = resourcePath({
    kind: 'master',
    renditions: [
      video,
      { kind: 'audio', trackId: 3, made: { channels: 6 } },
      { kind: 'audio', trackId: 2 },
      { kind: 'audio', trackId: 3, made: { channels: 2 } },
      { kind: 'subtitles', trackId: 'e4' },
    ],
  })
  expect(audioTracksIn(resource)).toEqual([3, 2])
})

it.each([undefined, '', 'hls/v1/index.m3u8', 'not/ours'])('finds none in %j', (resource) => {
  expect(audioTracksIn(resource)).toEqual([])
})

it.each([
  ['https://home.example/api/stream/t0ken/hls/a2-aac2/index.m3u8', 2],
  ['https://porch.example/p2p/s1/api/stream/t0ken/hls/a2-aac2/index.m3u8', 2],
  ['https://home.example/api/stream/t0ken/hls/v1/index.m3u8', undefined],
  ['https://elsewhere.example/a.m3u8', undefined],
  ['not a url', undefined],
])('the sound of %s', (url, trackId) => expect(audioTrackOf(url)).toBe(trackId))
