/** Pure: on which rung of the ladder a release would probably reach a screen, by what its name says. */
import type { DeviceProfile } from '#protocol/device-profile.ts'
import type { PlayMode } from '#protocol/play-plan.ts'
import type { Release, ReleaseAudioCodec, ReleaseContainer, ReleaseVideoCodec } from '#protocol/release.ts'

/** Beginnings of RFC 6381 strings. A codec without one is decoded by no browser. */
const videoStrings: Partial<Record<ReleaseVideoCodec, readonly string[]>> = {
  h264: ['avc1', 'avc3'],
  hevc: ['hvc1', 'hev1'],
  av1: ['av01'],
  vp9: ['vp09', 'vp9'],
  vp8: ['vp8', 'vp08'],
}
const audioStrings: Partial<Record<ReleaseAudioCodec, readonly string[]>> = {
  aac: ['mp4a.40'],
  mp3: ['mp3', 'mp4a.69', 'mp4a.6b', 'mp4a.6B'],
  opus: ['opus'],
  vorbis: ['vorbis'],
  flac: ['flac', 'fla', 'fLaC'],
  ac3: ['ac-3'],
  eac3: ['ec-3'],
}
const containerTypes: Partial<Record<ReleaseContainer, readonly string[]>> = {
  mp4: ['video/mp4'],
  mov: ['video/quicktime', 'video/mp4'],
  mkv: ['video/x-matroska', 'video/matroska'],
  webm: ['video/webm'],
  ogv: ['video/ogg'],
}

export type Played = Pick<Release, 'videoCodec' | 'audioCodecs' | 'bitDepth' | 'container'>

/**
 * Undefined where too little is known: of the device, or of the picture. What the name does not say of the sound or the
 * container speaks against nothing. The agent plans the real thing when it has looked inside (media/plan).
 */
export function howItPlays(release: Played, device: DeviceProfile | undefined): PlayMode | undefined {
  const { videoCodec, audioCodecs, container } = release
  if (!device || videoCodec === undefined) return undefined
  const isWhole = decodesPicture(device.codecs, release) && decodesSound(device.codecs, audioCodecs)
  if (isWhole && (container === undefined || opens(device, container))) return 'direct'
  const segments = device.segmentCodecs ?? []
  if (!decodesPicture(segments, release)) return 'transcode'
  return decodesSound(segments, audioCodecs) ? 'remux' : 'audio'
}

const has = (listed: readonly string[], beginnings: readonly string[] | undefined) =>
  beginnings?.some((beginning) => listed.some((codec) => codec.startsWith(beginning))) ?? false

function decodesPicture(listed: readonly string[], { videoCodec, bitDepth }: Played): boolean {
  if (videoCodec === undefined || !has(listed, videoStrings[videoCodec])) return false
  if (bitDepth === undefined || bitDepth <= 8) return true
  // H.264 of ten bits is another profile (High 10); HEVC's is Main 10, `hvc1.2`.
  if (videoCodec === 'h264') return listed.some((codec) => /^avc[13]\.6e/i.test(codec))
  return videoCodec !== 'hevc' || listed.some((codec) => /^(?:hvc1|hev1)\.[A-C]?2/.test(codec))
}

/** One of several is enough: another track is chosen, or the first one made AAC. */
const decodesSound = (listed: readonly string[], codecs: readonly ReleaseAudioCodec[]) =>
  codecs.length === 0 || codecs.some((codec) => has(listed, audioStrings[codec]))

const opens = (device: DeviceProfile, container: ReleaseContainer) =>
  containerTypes[container]?.some((type) => device.containers.includes(type)) ?? false
