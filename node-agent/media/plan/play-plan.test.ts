/** Which rung each film takes on each device, and why. */
import { describe, expect, it } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { PlayPlan, type PlayWish } from '#protocol/play-plan.ts'
import { readStreamPath } from '#protocol/stream-url.ts'
import type { AudioTrack, SubtitleTrack, VideoTrack } from '#protocol/tracks.ts'
import { nothingFound } from '../../state/probe.ts'
import type { FilmInside } from '../film.ts'
import { type CapabilitiesOfMaking, nothingMade } from '../making/capabilities-of-making.ts'
import { planPlay } from './play-plan.ts'

const h264: VideoTrack = { id: 1, codec: 'avc1.640028', width: 1920, height: 1080, framesPerSecond: 24 }
const aac: AudioTrack = { id: 2, codec: 'mp4a.40.2', channels: 2, language: 'en', isDefault: true }
const ac3: AudioTrack = { id: 3, codec: 'ac-3', channels: 6, language: 'de' }
const dts: AudioTrack = { id: 4, codec: 'dtsc', channels: 6, language: 'fr' }
const closed = { timesSeconds: [0, 5, 10, 15, 20], isClosed: true }

const chromium: DeviceProfile = {
  codecs: ['avc1.640028', 'mp4a.40.2', 'opus', 'flac', 'vp09.00.40.08'],
  containers: ['video/mp4', 'video/webm', 'video/x-matroska'],
  segmentCodecs: ['avc1.640028', 'mp4a.40.2', 'opus', 'flac', 'vp09.00.40.08', 'av01.0.08M.08'],
  hls: 'mse',
  needsClosedGop: true,
  hdr: false,
  audioChannels: 2,
  screenHeightPixels: 1440,
}
const safari: DeviceProfile = {
  codecs: ['avc1.640028', 'hvc1.2.4.L153.B0', 'mp4a.40.2', 'ac-3'],
  containers: ['video/mp4', 'video/quicktime'],
  segmentCodecs: ['avc1.640028', 'hvc1.1.6.L120.B0', 'hvc1.2.4.L153.B0', 'mp4a.40.2', 'ac-3', 'ec-3'],
  hls: 'native',
  hdr: true,
  audioChannels: 6,
}
const ffmpeg: CapabilitiesOfMaking = { ...nothingMade, hasFfmpeg: true, video: true, toneMapping: true, audio: 'any' }
const wasm: CapabilitiesOfMaking = { ...nothingMade, audio: ['ac-3', 'ec-3'] }

type Case = {
  video?: VideoTrack
  audio?: AudioTrack[]
  subtitles?: SubtitleTrack[]
  contentType?: string
  inside?: Partial<FilmInside>
  device?: DeviceProfile
  wish?: PlayWish
  making?: CapabilitiesOfMaking
  sizeBytes?: number
}
const mkv = 'video/x-matroska'

function plan(of: Case) {
  const { video = h264, audio = [aac], subtitles = [], contentType = 'video/mp4', device = chromium } = of
  const inside = {
    ...{ ...nothingFound, durationSeconds: 25, keyframes: closed, tracks: { video: [video], audio, subtitles } },
    ...of.inside,
  }
  const { wish, making = ffmpeg, sizeBytes = 10_000_000 } = of
  const found = planPlay({ inside, contentType, sizeBytes, device, wish, making })
  const read = found.resource === undefined ? undefined : readStreamPath(`/api/stream/token/${found.resource}`)
  if (found.resource !== undefined) expect(read?.resource.kind).toBe('master')
  return PlayPlan.parse(found)
}
const open = { keyframes: { ...closed, isClosed: false } }
const rare = { durationSeconds: 60, keyframes: { timesSeconds: [0, 20, 40], isClosed: true } }
const hevc = { ...h264, codec: 'hvc1.1.6.L120.90' }
const hdr = { ...h264, codec: 'hvc1.2.4.L153.90', hdr: 'hdr10' as const }
const unindexed = { inside: { keyframes: undefined } as unknown as Partial<FilmInside> }

describe('the plan', () => {
  it.each<[string, Case, PlayPlan['mode'], PlayPlan['reasons'], string | undefined]>([
    ['an MP4 that the browser opens', {}, 'direct', ['plays_as_it_is'], undefined],
    ['a Matroska file in Chromium', { contentType: mkv }, 'direct', ['plays_as_it_is'], undefined],
    ['a Matroska file in Safari', { contentType: mkv, device: safari }, 'remux', ['container_not_opened'], 'v1+a2'],
    [
      'sound that would be silent',
      { contentType: mkv, audio: [ac3] },
      'audio',
      ['audio_codec_not_decoded', 'audio_channels_reduced'],
      'v1+a3-aac2',
    ],
    [
      'sound that Safari decodes',
      { contentType: mkv, audio: [ac3], device: safari },
      'remux',
      ['container_not_opened'],
      'v1+a3',
    ],
    [
      'six channels for six speakers',
      { contentType: mkv, audio: [dts], device: safari },
      'audio',
      ['container_not_opened', 'audio_codec_not_decoded'],
      'v1+a4-aac6',
    ],
    [
      'a track that was chosen',
      { audio: [aac, { ...aac, id: 5 }], wish: { audioTrackId: 5 } },
      'remux',
      ['audio_track_chosen'],
      'v1+a5+a2',
    ],
    [
      'the language that is liked, and every other track beside it',
      { audio: [aac, ac3], wish: { audioLanguages: ['fr', 'de-AT'] } },
      'audio',
      ['audio_codec_not_decoded', 'audio_track_chosen', 'audio_channels_reduced'],
      'v1+a3-aac2+a2',
    ],
    ['a film that begins late in its file', { inside: { startSeconds: 5 } }, 'remux', ['starts_late'], 'v1+a2'],
    [
      'Matroska without Cues, which nobody could seek in',
      { contentType: mkv, ...unindexed },
      'transcode',
      ['keyframes_unknown'],
      'v1-720+v1-480+a2-aac2',
    ],
    [
      'Matroska without Cues, where nothing can be made',
      { contentType: mkv, ...unindexed, making: wasm },
      'direct',
      ['keyframes_unknown'],
      undefined,
    ],
    ['HEVC in Chromium', { video: hevc }, 'transcode', ['video_codec_not_decoded'], 'v1-720+v1-480+a2'],
    [
      'HDR on a screen without',
      { video: hdr, device: { ...safari, hdr: false } },
      'transcode',
      ['hdr_not_shown'],
      'v1-720+v1-480+a2',
    ],
    ['an open GOP in Chromium', { inside: open }, 'transcode', ['open_gop'], 'v1-720+v1-480+a2'],
    [
      'an open GOP in Safari',
      { inside: open, contentType: mkv, device: safari },
      'remux',
      ['container_not_opened'],
      'v1+a2',
    ],
    [
      'keyframes that are too rare',
      { inside: rare, contentType: mkv, device: safari },
      'transcode',
      ['container_not_opened', 'keyframes_too_rare'],
      'v1-720+v1-480+a2',
    ],
    [
      'no index',
      { ...unindexed, contentType: mkv, device: safari },
      'transcode',
      ['container_not_opened', 'keyframes_unknown'],
      'v1-720+v1-480+a2-aac2',
    ],
    [
      'a line that is too slow',
      { device: { ...chromium, lineBytesPerSecond: 300_000 } },
      'transcode',
      ['line_too_slow'],
      'v1-480+a2',
    ],
    [
      'a person who saves data',
      { device: { ...chromium, savesData: true } },
      'transcode',
      ['data_saver'],
      'v1-720+v1-480+a2',
    ],
    ['quality chosen by hand', { wish: { mostHeightPixels: 480 } }, 'transcode', ['quality_chosen'], 'v1-480+a2'],
    [
      'a device that is not fast enough',
      {
        device: {
          ...chromium,
          decoding: [{ codec: 'avc1.640028', heightPixels: 1080, isSmooth: false, isPowerEfficient: false }],
        },
      },
      'transcode',
      ['video_not_smooth'],
      'v1-720+v1-480+a2',
    ],
    ['a file that failed', { wish: { failedModes: ['direct'] } }, 'remux', ['failed_before'], 'v1+a2'],
    [
      'copied sound that failed',
      { wish: { failedModes: ['direct', 'remux'] } },
      'audio',
      ['failed_before'],
      'v1+a2-aac2',
    ],
    [
      'copied video that failed',
      { wish: { failedModes: ['audio'] } },
      'transcode',
      ['failed_before'],
      'v1-720+v1-480+a2-aac2',
    ],
    ['no sound at all', { audio: [], contentType: mkv, device: safari }, 'remux', ['container_not_opened'], 'v1'],
    [
      'AC-3 without ffmpeg',
      { audio: [ac3], contentType: mkv, making: wasm },
      'audio',
      ['audio_codec_not_decoded', 'audio_channels_reduced'],
      'v1+a3-aac2',
    ],
    [
      'a slow line without ffmpeg, as well as it can be',
      { device: { ...chromium, lineBytesPerSecond: 300_000 }, making: wasm },
      'remux',
      ['line_too_slow'],
      'v1+a2',
    ],
  ])('plays %s', (_what, of, mode, reasons, names) => {
    const found = plan(of)
    expect({ mode: found.mode, reasons: found.reasons }).toEqual({ mode, reasons })
    expect(found.resource).toBe(names === undefined ? undefined : `hls/${names}/master.m3u8`)
  })

  it('hands text subtitles to a browser that reads playlists itself', () => {
    const subtitles: SubtitleTrack[] = [
      { id: 'e3', kind: 'text', format: 'subrip' },
      { id: 'e4', kind: 'pgs', format: 'pgs' },
    ]
    expect(plan({ subtitles, contentType: mkv, device: safari }).resource).toBe('hls/v1+a2+se3/master.m3u8')
    expect(plan({ subtitles, wish: { failedModes: ['direct'] } }).resource).toBe('hls/v1+a2/master.m3u8')
  })

  it('makes the largest picture when hardware makes it', () => {
    const making = { ...ffmpeg, hardware: 'h264_nvenc' }
    expect(plan({ video: hevc, making })).toMatchObject({
      heightPixels: 1080,
      resource: expect.stringContaining('v1-1080+v1-720+v1-480'),
    })
  })

  it.each<[string, Case, string, RegExp]>([
    ['what needs ffmpeg for its picture', { video: hevc, making: wasm }, 'needs_ffmpeg', /Install ffmpeg/],
    ['what needs ffmpeg for its sound', { audio: [dts], making: wasm }, 'needs_ffmpeg', /sound.*Install ffmpeg/s],
    [
      'what needs ffmpeg for its light',
      { video: { ...hdr }, making: { ...ffmpeg, toneMapping: false } },
      'needs_ffmpeg',
      /zscale/,
    ],
    [
      'Dolby Vision of the kind nobody else shows',
      { video: { ...h264, codec: 'dvh1.05.06', hdr: 'dolby-vision' } },
      'not_playable',
      /Dolby Vision/,
    ],
    ['what failed in every way', { wish: { failedModes: ['transcode'] } }, 'not_playable', /another source/],
    [
      'a browser that plays files alone',
      { video: hevc, device: { ...chromium, hls: 'none' } },
      'not_playable',
      /another browser/,
    ],
    [
      'a film of unknown length',
      { video: hevc, inside: { durationSeconds: undefined } as unknown as Partial<FilmInside> },
      'not_playable',
      /how long/,
    ],
    [
      'a film whose length only ffprobe could tell',
      {
        inside: { durationSeconds: undefined } as unknown as Partial<FilmInside>,
        contentType: 'video/mp2t',
        making: wasm,
      },
      'needs_ffmpeg',
      /ffmpeg/,
    ],
  ])('says what to do about %s', (_what, of, code, words) => {
    expect(() => plan(of)).toThrowError(expect.objectContaining({ code, message: expect.stringMatching(words) }))
  })

  it.each<[string, DeviceProfile | undefined, PlayPlan['reasons'][0]]>([
    [
      'as it is for a web app that plays files only',
      { codecs: ['avc1.42E01E', 'mp4a.40.2'], containers: ['video/mp4'] },
      'plays_as_it_is',
    ],
    ['as it is, not knowing better, for a device that said nothing', undefined, 'codec_unknown_tried_directly'],
  ])('plays %s', (_what, device, reason) => {
    const inside = { ...nothingFound, tracks: { video: [h264], audio: [aac], subtitles: [] } }
    const film = { inside, contentType: 'video/mp4', sizeBytes: 1, wish: undefined, making: nothingMade }
    expect(planPlay({ ...film, device })).toEqual({ mode: 'direct', reasons: [reason] })
  })
})
