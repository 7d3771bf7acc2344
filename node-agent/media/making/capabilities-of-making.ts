/** What can be made here, as whoever plans a film's way to the screen needs to know it. Pure. */
import type { AudioTrack, VideoTrack } from '#protocol/tracks.ts'
import type { Tools } from './ffmpeg/find-tools.ts'

export type CapabilitiesOfMaking = {
  hasFfmpeg: boolean
  /** H.264 can be made of any picture, HDR aside. */
  video: boolean
  /** HDR can be shown on a screen that has none. */
  toneMapping: boolean
  /** `h264_nvenc` and such, when it has made a frame here. */
  hardware: string | undefined
  /** `any`: AAC can be made of any sound. Else of these RFC 6381 codecs alone. */
  audio: 'any' | readonly string[]
}

/** AAC is made of these without ffmpeg too (wasm/). */
export const MADE_WITHOUT_FFMPEG: readonly string[] = ['ac-3', 'ec-3']

export const capabilitiesOfMaking = ({ makesAudio, makesVideo, mapsTones, hardware }: Tools): CapabilitiesOfMaking => ({
  hasFfmpeg: makesAudio,
  video: makesVideo,
  toneMapping: makesVideo && mapsTones,
  hardware: hardware?.name,
  audio: makesAudio ? 'any' : MADE_WITHOUT_FFMPEG,
})

/** Of an agent that makes nothing at all. */
export const nothingMade: CapabilitiesOfMaking = {
  ...{ hasFfmpeg: false, video: false, toneMapping: false, hardware: undefined, audio: [] },
}

export const canMakeAudio = ({ audio }: CapabilitiesOfMaking, { codec }: AudioTrack): boolean =>
  audio === 'any' || (codec !== undefined && audio.includes(codec))

export const canMakeVideo = ({ video, toneMapping }: CapabilitiesOfMaking, track: VideoTrack): boolean =>
  video && !isDolbyVisionOnly(track) && (track.hdr === undefined || toneMapping)

/**
 * Profile 5 has colours of its own kind, and no picture that anything else could show. Of others only the picture is
 * looked at that is there for everybody, so they are HDR10, HLG or neither; Matroska names no codec of its own for it.
 */
export const isDolbyVisionOnly = ({ codec, hdr }: VideoTrack): boolean =>
  hdr === 'dolby-vision' || /^dv(h1|he)\.05/.test(codec ?? '')

const INSTALL =
  'Install ffmpeg 5.1 or newer on the machine of the home agent (Debian and Ubuntu: sudo apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg) and restart the agent.'

/** Says exactly what to install. */
export const needsFfmpeg = {
  video: `This device cannot show the film as it is, and making it fit needs ffmpeg. ${INSTALL}`,
  audio: `This device cannot play the film’s sound as it is, and making it fit needs ffmpeg. ${INSTALL}`,
  hdr: 'This film is mastered in HDR, and fitting it to this screen needs an ffmpeg with zscale. Install a full build of ffmpeg 5.1 or newer (Debian and Ubuntu: sudo apt install ffmpeg) and restart the agent.',
  thumbnail: `Small pictures of the film need ffmpeg. ${INSTALL}`,
} as const
