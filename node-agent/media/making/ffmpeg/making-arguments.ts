/** What ffmpeg is told, to make one rendition of a film from a place on. Pure. */
import type { VideoTrack } from '#protocol/tracks.ts'
import type { Segment } from '../../hls/segment-grid.ts'
import type { Encoder } from './encoders.ts'
import { pictureFilters, type VideoShape } from './video-shape.ts'

export const VIDEO_TICKS_PER_SECOND = 90_000
/** Whatever the film has; 44.1 kHz would need frames of another length on every device that resamples anyway. */
export const AUDIO_TICKS_PER_SECOND = 48_000
/** Samples in a frame of AAC-LC. */
export const AAC_FRAME = 1024

/** Times inside ffmpeg are film times and this: B-frames and an encoder's priming reach below zero, MP4 does not. */
export const OFFSET_SECONDS = 128
/** Frames of sound that are made before the first that is kept: by then the encoder has heard what came before. */
const PREROLL_FRAMES = 12
/** Sound that is decoded before that, so that a decoder and the limiter have settled. */
const PREROLL_SECONDS = 0.25
/** Where an index is missing ffmpeg's seeks land late: begin so much earlier, and drop what comes before. */
const UNSURE_SEEK_SECONDS = 12

export type FilmToMake = {
  contentType: string
  /** What the file calls the film's first moment. */
  startSeconds: number
  /** The track, as ffmpeg's `-map` names it inside a file: `V:0`, `a:1`, `3`. */
  stream: string
  grid: readonly Segment[]
  firstIndex: number
}

/** Containers that ffmpeg is let open: not the ones that name other files or addresses (playlists, `concat`). */
const CONTAINERS = 'mov,matroska,mpegts,mpeg,avi,asf,flv,ogg,rm,wav,flac,mp3,aac,ac3,eac3,dts,h264,hevc,m4v,mpegvideo'

/**
 * The film, by the address that is written to standard input (`runFfmpeg`): arguments are read by everybody on a machine
 * who lists its processes. `concatf` reads a list of addresses as one file, here a list of one. A hostile film may not
 * make ffmpeg open anything but our door.
 */
export const filmInput = [
  ...['-protocol_whitelist', 'concatf,pipe,http,tcp', '-format_whitelist', CONTAINERS],
  ...['-i', 'concatf:pipe:0'],
] as const

const QUIET = ['-nostdin', '-hide_banner', '-v', 'error']

const OUTPUT = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-avoid_negative_ts', 'disabled', '-max_muxing_queue_size', '4096'],
  ...['-use_editlist', '0', '-flush_packets', '1', '-f', 'mp4'],
]
const FRAGMENTED = '+empty_moov+default_base_moof+frag_discont+skip_trailer'

function input(film: FilmToMake, fromSeconds: number): string[] {
  const hasIndex = /mp4|quicktime|matroska|webm/.test(film.contentType)
  const seekTo = film.startSeconds + fromSeconds - (hasIndex ? 0 : UNSURE_SEEK_SECONDS)
  // From the beginning no index is needed, and no seek can miss.
  const seek = fromSeconds <= 0 ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seekTo.toFixed(6)]
  return ['-copyts', ...seek, ...filmInput]
}

const shiftTo = (film: FilmToMake) => (OFFSET_SECONDS - film.startSeconds).toFixed(6)

export function videoArguments(film: FilmToMake, track: VideoTrack, shape: VideoShape, encoder: Encoder): string[] {
  const { grid, firstIndex } = film
  const from = grid[firstIndex]?.startSeconds ?? 0
  // A little before each cut: times are rounded on their way (milliseconds in Matroska).
  const keyframes = grid.slice(firstIndex).map(({ startSeconds }) => (startSeconds + OFFSET_SECONDS - 0.001).toFixed(6))
  const filters = [
    // setpts counts in the track's own ticks.
    `setpts=PTS+${shiftTo(film)}/TB`,
    ...(firstIndex === 0 ? [] : [`trim=start=${(from + OFFSET_SECONDS - 0.001).toFixed(6)}`]),
    ...pictureFilters(track, shape),
    ...encoder.upload,
  ]
  return [
    ...[...QUIET, ...encoder.device, ...input(film, from)],
    ...['-map', `0:${film.stream}`, '-vf', filters.join(',')],
    ...['-fps_mode', 'passthrough', '-enc_time_base', `1:${VIDEO_TICKS_PER_SECOND}`],
    ...encoder.options(shape),
    ...['-force_key_frames', keyframes.join(',')],
    // Parameters in each segment too: a segment made by hardware is decoded after an init made in software.
    ...['-bsf:v', 'dump_extra=freq=keyframe', '-video_track_timescale', String(VIDEO_TICKS_PER_SECOND)],
    ...[...OUTPUT, '-movflags', `${FRAGMENTED}+frag_keyframe`, 'pipe:1'],
  ]
}

/** Stands for the whole rendition, so it is made of nothing of the film: a black frame of its size. */
export function videoInitArguments(shape: VideoShape, encoder: Encoder): string[] {
  return [
    ...[
      ...QUIET,
      ...encoder.device,
      '-f',
      'lavfi',
      '-i',
      `color=black:size=${shape.width}x${shape.height}:rate=24`,
      '-frames:v',
      '1',
    ],
    ...['-vf', ['setsar=1', 'format=yuv420p', ...encoder.upload].join(',')],
    ...[...encoder.options(shape), '-video_track_timescale', String(VIDEO_TICKS_PER_SECOND)],
    ...[...OUTPUT, '-fflags', '+bitexact', '-movflags', `${FRAGMENTED}+frag_keyframe`, 'pipe:1'],
  ]
}

const aac = (channels: 2 | 6) => ['-c:a', 'aac', '-b:a', channels === 2 ? '192k' : '384k', '-ac', String(channels)]

/** The first frame of AAC, counted from the film's beginning, that belongs to a segment. */
export const firstFrameOf = (startSeconds: number) =>
  Math.ceil((startSeconds * AUDIO_TICKS_PER_SECOND) / AAC_FRAME - 0.001)

/** What the limiter delays sound by, in samples: its attack of 5 ms. */
const LIMITER_SAMPLES = 240

/**
 * Frames of AAC begin at multiples of 1024 samples of the film, whatever segment is asked first, so that those of two
 * jobs join. Gaps are filled with silence, also after the track's end: sound lasts as long as the film.
 *
 * Downmix: centre and surrounds at -3 dB onto left and right (ITU-R BS.775; what ffmpeg does of itself), all 3 dB lower,
 * and a limiter for the rare peak: a sum that clips is heard, a film that is much quieter is complained of.
 */
export function audioArguments(film: FilmToMake, sourceChannels: number, channels: 2 | 6): string[] {
  const { grid, firstIndex } = film
  const firstFrame = firstFrameOf(grid[firstIndex]?.startSeconds ?? 0) - PREROLL_FRAMES
  const firstSample = firstFrame * AAC_FRAME + OFFSET_SECONDS * AUDIO_TICKS_PER_SECOND
  const fromSeconds = Math.max(0, (firstFrame * AAC_FRAME) / AUDIO_TICKS_PER_SECOND - PREROLL_SECONDS)
  const layout = channels === 2 ? 'stereo' : '5.1'
  const filters = [
    `asetpts=PTS+${shiftTo(film)}/TB`,
    'aformat=sample_fmts=fltp',
    `aresample=${AUDIO_TICKS_PER_SECOND}:async=1:first_pts=${firstSample + LIMITER_SAMPLES}`,
    `aformat=channel_layouts=${layout}`,
    ...(sourceChannels > channels ? ['volume=-3dB'] : []),
    'alimiter=limit=0.9:attack=5:release=50:level=false',
    `asetpts=PTS-${LIMITER_SAMPLES}`,
    'apad',
  ]
  return [
    ...[...QUIET, ...input(film, fromSeconds)],
    ...['-map', `0:${film.stream}`, '-af', filters.join(','), ...aac(channels)],
    ...[...OUTPUT, '-movflags', FRAGMENTED, '-frag_duration', '500000', 'pipe:1'],
  ]
}

export function audioInitArguments(channels: 2 | 6): string[] {
  const layout = channels === 2 ? 'stereo' : '5.1'
  return [
    ...[...QUIET, '-f', 'lavfi', '-i', `anullsrc=channel_layout=${layout}:sample_rate=${AUDIO_TICKS_PER_SECOND}`],
    ...['-frames:a', '2', ...aac(channels), ...OUTPUT],
    ...['-fflags', '+bitexact', '-movflags', FRAGMENTED, '-frag_duration', '500000', 'pipe:1'],
  ]
}
