/** Which rung a release would take on which device. */
import { expect, it } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { howItPlays, type Played } from './how-it-plays.ts'

const chromium: DeviceProfile = {
  codecs: ['avc1.640028', 'mp4a.40.2', 'av01.0.08M.08'],
  containers: ['video/mp4', 'video/webm'],
  segmentCodecs: ['avc1.640028', 'vp09.00.40.08', 'av01.0.08M.08', 'mp4a.40.2', 'opus'],
}
const safari: DeviceProfile = {
  codecs: ['avc1.640028', 'hvc1.1.6.L120.B0', 'hvc1.2.4.L120.B0', 'mp4a.40.2', 'ac-3', 'ec-3'],
  containers: ['video/mp4'],
  segmentCodecs: ['avc1.640028', 'hvc1.1.6.L120.B0', 'hvc1.2.4.L120.B0', 'mp4a.40.2', 'ac-3', 'ec-3'],
}

it.each<[string, DeviceProfile | undefined, Played, ReturnType<typeof howItPlays>]>([
  ['an MP4 of H.264 and AAC', chromium, { videoCodec: 'h264', audioCodecs: ['aac'], container: 'mp4' }, 'direct'],
  ['the same in Matroska', chromium, { videoCodec: 'h264', audioCodecs: ['aac'], container: 'mkv' }, 'remux'],
  ['Dolby sound', chromium, { videoCodec: 'h264', audioCodecs: ['eac3'], container: 'mp4' }, 'audio'],
  ['Dolby sound on Safari', safari, { videoCodec: 'h264', audioCodecs: ['eac3'], container: 'mkv' }, 'remux'],
  [
    'two sounds of which one is known',
    chromium,
    { videoCodec: 'h264', audioCodecs: ['dts', 'aac'], container: 'mkv' },
    'remux',
  ],
  ['HEVC on Chromium', chromium, { videoCodec: 'hevc', audioCodecs: ['aac'] }, 'transcode'],
  ['HEVC of ten bits on Safari', safari, { videoCodec: 'hevc', bitDepth: 10, audioCodecs: ['aac'] }, 'direct'],
  ['H.264 of ten bits', safari, { videoCodec: 'h264', bitDepth: 10, audioCodecs: ['aac'] }, 'transcode'],
  ['an old AVI', chromium, { videoCodec: 'mpeg4', audioCodecs: ['mp3'], container: 'avi' }, 'transcode'],
  ['AV1 with nothing said of sound', chromium, { videoCodec: 'av1', audioCodecs: [] }, 'direct'],
  ['a name that says nothing of the picture', chromium, { audioCodecs: ['aac'], container: 'mp4' }, undefined],
  ['a device that says nothing', undefined, { videoCodec: 'h264', audioCodecs: [] }, undefined],
])('%s', (_what, device, release, expected) => {
  expect(howItPlays(release, device)).toBe(expected)
})
