/** What made video looks like: its size, its H.264 level, its most bits, and the filters that lead there. Pure. */
import type { VideoTrack } from '#protocol/tracks.ts'

export type VideoShape = {
  width: number
  height: number
  /** Of Annex A of H.264, times ten. */
  level: number
  /** RFC 6381, for the master playlist. */
  codec: string
  mostBitsPerSecond: number
}

const shapes = {
  1080: { level: 40, fastLevel: 42, mostBitsPerSecond: 8_000_000 },
  720: { level: 31, fastLevel: 32, mostBitsPerSecond: 4_000_000 },
  480: { level: 31, fastLevel: 31, mostBitsPerSecond: 1_800_000 },
} as const

const even = (pixels: number) => Math.max(2, 2 * Math.round(pixels / 2))

/**
 * Fits the picture, as it is shown (pixels square, turned upright), into a frame of 16:9 of that height; never larger
 * than it is. Sizes are even, because 4:2:0 is.
 */
export function videoShape(track: VideoTrack, heightPixels: keyof typeof shapes): VideoShape {
  const { width, height, framesPerSecond = 30 } = track
  // A film that stands upright fits into the frame turned.
  const [longest, shortest] = [Math.max(width, height), Math.min(width, height)]
  const scale = Math.min(1, (heightPixels * 16) / 9 / longest, heightPixels / shortest)
  const { level, fastLevel, mostBitsPerSecond } = shapes[heightPixels]
  const used = framesPerSecond > 31 ? fastLevel : level
  return {
    width: even(width * scale),
    height: even(height * scale),
    level: used,
    // High profile, no constraints.
    codec: `avc1.6400${used.toString(16).padStart(2, '0')}`,
    mostBitsPerSecond: framesPerSecond > 31 ? mostBitsPerSecond * 1.5 : mostBitsPerSecond,
  }
}

/** Levels are for at most this; films of more are shown every other frame, and so on. */
const MOST_FRAMES_PER_SECOND = 61

/** Mastered for brighter screens than ours: linear light, fewer colours, then the curve of BT.709. */
const TONE_MAP =
  'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv'

/** What is done to frames between decoder and encoder, their times aside. */
export function pictureFilters(track: VideoTrack, { width, height }: VideoShape): string[] {
  const { isInterlaced, hdr, format, framesPerSecond = 0 } = track
  // Only frames that say so: a film may be interlaced here and progressive there.
  const deinterlace = isInterlaced ?? (format === 'mpeg2video' || format === 'mpeg2')
  const scale = `scale=${width}:${height}:flags=bicubic`
  return [
    ...(deinterlace ? ['bwdif=mode=send_frame:deint=interlaced'] : []),
    ...(framesPerSecond > MOST_FRAMES_PER_SECOND ? [`framestep=${Math.ceil(framesPerSecond / 60)}`] : []),
    scale,
    ...(hdr ? [TONE_MAP] : []),
    'setsar=1',
    'format=yuv420p',
  ]
}
