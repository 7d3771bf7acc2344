/** What ffmpeg is told, to make one small picture of a film. Pure. */
import type { Film } from '../film.ts'
import { filmInput } from '../making/ffmpeg/making-arguments.ts'

const WIDTH_PIXELS = 320

/** Only keyframes are decoded: the picture is of the one nearest to the moment, or of the one before where none is known. */
export function thumbnailArguments({ inside }: Pick<Film, 'inside'>, atSeconds: number): string[] {
  const keyframe = nearest(inside.keyframes?.timesSeconds ?? [], atSeconds)
  // A little later: seeks go to the keyframe before.
  const seekSeconds = inside.startSeconds + (keyframe ?? atSeconds) + 0.01
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-skip_frame', 'nokey', '-noaccurate_seek', '-seek_timestamp', '1'],
    ...['-ss', seekSeconds.toFixed(3), ...filmInput, '-map', '0:V:0', '-frames:v', '1'],
    // sar is 1 where a file does not say.
    ...['-vf', `scale=${WIDTH_PIXELS}:'max(2,2*round(${WIDTH_PIXELS}*ih/(iw*sar)/2))',setsar=1,format=yuvj420p`],
    ...['-threads', '1', '-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1'],
  ]
}

const nearest = (times: readonly number[], atSeconds: number): number | undefined =>
  times.toSorted((a, b) => Math.abs(a - atSeconds) - Math.abs(b - atSeconds))[0]
