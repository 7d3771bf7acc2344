/** The keyframe that a copied segment begins with, as a segment of its own: what is shown while a viewer winds. */
import { EncodedPacketSink } from 'mediabunny'
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../film.ts'
import { VIDEO_TIMESCALE } from './copied-init.ts'
import { writeFragment } from './fragment.ts'
import { damaged } from './matroska-range.ts'
import type { Copies } from './open-copies.ts'
import { segmentGrid } from './segment-grid.ts'
import { transportKeyPicture } from './transport-range.ts'

/** Cuts are kept in milliseconds, or as fractions. */
const TOLERANCE_SECONDS = 0.0015

/** Reads that frame alone. Throws `not_found` past the last segment, `not_playable` when the film is damaged there. */
export async function copiedIframe(
  film: Film,
  copies: Copies,
  trackId: number,
  index: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const segment = segmentGrid(film.inside)[index]
  if (!segment) throw new AppError('not_found', 'The film ends before this.')
  const { startSeconds, packets } = film.inside
  const inUnits = (seconds: number) => Math.round(seconds * VIDEO_TIMESCALE)
  const write = (seconds: number, data: Uint8Array): Uint8Array => {
    const presentation = inUnits(Math.max(0, seconds))
    const end = Math.max(presentation + 1, inUnits(segment.endSeconds))
    return writeFragment(copies.memory, [{ data, isKey: true, presentation }], end, index + 1)
  }
  if (packets) {
    const picture = await transportKeyPicture(film, trackId, index, signal)
    return write(picture.seconds, picture.data)
  }
  return copies.use(film, trackId, signal, async (track) => {
    const sink = new EncodedPacketSink(track)
    const packet =
      index === 0
        ? await sink.getFirstKeyPacket()
        : await sink.getKeyPacket(segment.startSeconds + startSeconds + TOLERANCE_SECONDS)
    if (!packet) throw damaged()
    return write(packet.timestamp - startSeconds, packet.data)
  })
}
