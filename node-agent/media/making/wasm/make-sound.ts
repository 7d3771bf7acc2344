/** Segments of AAC made without ffmpeg: each by itself, the same bytes whatever was made before it. */
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../../film.ts'
import type { Copies } from '../../hls/open-copies.ts'
import type { Segment } from '../../hls/segment-grid.ts'
import { AAC_FRAME, AUDIO_TICKS_PER_SECOND, firstFrameOf } from '../ffmpeg/making-arguments.ts'
import { writeSegment } from '../fmp4/write-segment.ts'
import { decodeSound, encodeSound } from './code-sound.ts'
import { mixOnto } from './downmix.ts'

/** Made before the first frame that is kept, so that the encoder has heard what came before. */
const PREROLL_FRAMES = 12
/** Decoded before that: a decoder needs the frame before (overlapping transforms). */
const PREROLL_SECONDS = 0.1

export type SoundToMake = {
  film: Film
  trackId: number
  channels: 2 | 6
  grid: readonly Segment[]
  index: number
}

/** Rejects with `not_playable` where the sound is damaged, and with what reading rejects with. */
export async function makeSoundSegment(
  open: Pick<Copies, 'use'>,
  { film, trackId, channels, grid, index }: SoundToMake,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const segment = grid[index]
  if (!segment) throw new AppError('not_found', 'The film is over before that.')
  const [first, end] = [firstFrameOf(segment.startSeconds), firstFrameOf(segment.endSeconds)]
  const firstEncoded = first - PREROLL_FRAMES
  const seconds = (frame: number) => (frame * AAC_FRAME) / AUDIO_TICKS_PER_SECOND
  const from = Math.max(0, seconds(firstEncoded) - PREROLL_SECONDS)
  const { startSeconds } = film.inside
  // A frame more than is kept: the encoder looks ahead.
  const decoded = await open.use(film, trackId, signal, async (track) => {
    if (!track.isAudioTrack()) return []
    const to = seconds(end + 1) + startSeconds
    return decodeSound(track, from + startSeconds, to, signal).catch(damagedUnlessGone(signal))
  })
  const sounds = decoded.map((sound) => ({ ...sound, seconds: sound.seconds - startSeconds }))
  const samples = mixOnto(sounds, firstEncoded * AAC_FRAME, (end + 1 - firstEncoded) * AAC_FRAME, channels)
  const { frames } = await encodeSound(samples, channels)
  signal.throwIfAborted()
  const kept = frames.slice(PREROLL_FRAMES + 1, PREROLL_FRAMES + 1 + end - first)
  return writeSegment({
    samples: kept.map((data, n) => ({
      ...{ data, isSync: true, time: (first + n) * AAC_FRAME, durationTicks: AAC_FRAME },
    })),
    startTicks: first * AAC_FRAME,
    endTicks: end * AAC_FRAME,
    index,
  })
}

/** Fits every film: what stands in it is the kind of AAC alone. */
export const makeSoundInit = async (channels: 2 | 6): Promise<Uint8Array> =>
  (await encodeSound(new Float32Array(4 * AAC_FRAME * channels), channels)).init

const damagedUnlessGone =
  (signal: AbortSignal) =>
  (cause: unknown): never => {
    signal.throwIfAborted()
    throw cause instanceof AppError
      ? cause
      : new AppError('not_playable', 'The sound of this film is damaged here. Try another source.', { cause })
  }
