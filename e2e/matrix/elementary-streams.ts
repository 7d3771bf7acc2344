/** The pictures and sounds that the matrix's films are put together from: thirteen seconds each, made by ffmpeg once. */
import { makeFilm } from '../../node-agent/testing/make-film.ts'
import { FILM_WIDTH, timecodeFilter } from './timecode.ts'

/** Two full segments of six seconds, and a short one. */
export const FILM_SECONDS = 13
/** Every two seconds at 24 frames a second. */
const GOP = '48'
export const GOP_SECONDS = 2

const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', GOP, '-sc_threshold', '0', '-b:v', '300k']

const pictures = {
  /** Closed GOPs with B-frames. */
  h264,
  /** Keyframes after the first are no IDRs: recovery points with leading frames. */
  'h264-open': [...h264, '-x264-params', 'open-gop=1'],
  'h264-no-b': [...h264, '-bf', '0'],
  hevc: ['-c:v', 'libx265', '-preset', 'ultrafast', '-b:v', '300k', '-tag:v', 'hvc1'].concat(
    '-x265-params',
    `keyint=${GOP}:min-keyint=${GOP}:open-gop=0:log-level=error`,
  ),
  vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', GOP],
  av1: ['-c:v', 'libsvtav1', '-preset', '12', '-g', GOP, '-b:v', '300k'],
  mpeg4: ['-c:v', 'mpeg4', '-q:v', '4', '-g', GOP, '-vtag', 'XVID'],
  'h264-interlaced': [...h264, '-flags', '+ildct+ilme', '-x264-params', 'tff=1'],
  /** 24 frames a second, then 12, then 8. */
  'h264-vfr': [...h264, '-vsync', 'vfr'],
} as const
export type Picture = keyof typeof pictures

const sounds = {
  aac: ['-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
  'aac-5.1': ['-c:a', 'aac', '-b:a', '192k', '-ac', '6'],
  ac3: ['-c:a', 'ac3', '-b:a', '192k', '-ac', '2'],
  'ac3-5.1': ['-c:a', 'ac3', '-b:a', '384k', '-ac', '6'],
  eac3: ['-c:a', 'eac3', '-b:a', '192k', '-ac', '2'],
  dts: ['-c:a', 'dca', '-strict', '-2', '-b:a', '768k', '-ac', '2'],
  opus: ['-c:a', 'libopus', '-b:a', '96k', '-ac', '2'],
  flac: ['-c:a', 'flac', '-ac', '2'],
  mp3: ['-c:a', 'libmp3lame', '-b:a', '128k', '-ac', '2'],
} as const
export type Sound = keyof typeof sounds

const dropFrames = ",select='lt(t,4)+between(t,4,8)*not(mod(n,2))+gt(t,8)*not(mod(n,3))'"

/** A file that holds the pictures alone. */
export function pictureFile(picture: Picture): Promise<string> {
  const filter = `${timecodeFilter}${picture === 'h264-vfr' ? dropFrames : ''},format=yuv420p`
  const source = `testsrc2=s=${FILM_WIDTH}x180:r=24:d=${FILM_SECONDS},${filter}`
  return makeFilm(`${picture}.mkv`, ['-f', 'lavfi', '-i', source, ...pictures[picture]])
}

/** A file that holds a tone of 440 Hz alone. */
export const soundFile = (sound: Sound): Promise<string> =>
  makeFilm(`${sound}.mka`, ['-f', 'lavfi', '-i', `sine=440:r=48000:d=${FILM_SECONDS}`, ...sounds[sound]])
