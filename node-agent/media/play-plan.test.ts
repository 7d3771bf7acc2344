/** How a file reaches a screen, and how sure that is. */
import { describe, expect, it } from 'vitest'
import { playPlan } from './play-plan.ts'

describe('playPlan', () => {
  const tracks = (video: string | undefined, audio: string | undefined) => ({
    video: [{ id: 1, width: 2, height: 2, ...(video ? { codec: video } : {}) }],
    audio: [{ id: 2, channels: 2, ...(audio ? { codec: audio } : {}) }],
    subtitles: [],
  })
  const device = { codecs: ['avc1.42E01E', 'mp4a.40.2', 'vp09.00.10.08'], containers: ['video/mp4'] }
  it.each([
    ['what the device said it plays', tracks('avc1.640028', 'mp4a.40.2'), 'video/mp4', device, 'plays_as_it_is'],
    ['an unknown video codec', tracks(undefined, 'mp4a.40.2'), 'video/mp4', device, 'codec_unknown_tried_directly'],
    [
      'an audio codec it did not name',
      tracks('avc1.640028', 'ac-3'),
      'video/mp4',
      device,
      'codec_unknown_tried_directly',
    ],
    [
      'a container it did not name',
      tracks('avc1.640028', 'mp4a.40.2'),
      'video/x-matroska',
      device,
      'codec_unknown_tried_directly',
    ],
    [
      'a device that said nothing',
      tracks('avc1.640028', 'mp4a.40.2'),
      'video/mp4',
      undefined,
      'codec_unknown_tried_directly',
    ],
    ['a file that was not understood', undefined, 'video/mp4', device, 'codec_unknown_tried_directly'],
  ])('plays %s directly, and says how sure it is', (_what, found, type, profile, reason) => {
    expect(playPlan(found, type, profile)).toEqual({ mode: 'direct', reasons: [reason] })
  })
})
