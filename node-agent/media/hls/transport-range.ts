/** Which bytes of a transport stream hold a segment, and its frames out of them. */
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../film.ts'
import { nalCodecOf } from '../inside/keyframe-kind.ts'
import { countPictures, lengthPrefixed, pictureHead } from '../inside/transport/annex-b.ts'
import { nearTo, readUnits, TICKS_PER_SECOND } from '../inside/transport/pes.ts'
import type { ReadSoundFrame } from '../inside/transport/sound-frames.ts'
import { splitSound } from '../inside/transport/split-sound.ts'
import type { CodedFrame } from './coded-frame.ts'
import { damaged } from './matroska-range.ts'
import { type Segment, segmentGrid } from './segment-grid.ts'

/** `pictures`: where its own begin and end; the range holds its sound, too, which is sent a little beside them. */
export type TransportRange = { range: readonly [number, number]; pictures: readonly [number, number] }

export function transportRange({ inside, sizeBytes }: Film, grid: readonly Segment[], index: number): TransportRange {
  const { keyframes, packets } = inside
  if (!packets || !keyframes?.places) throw noIndex()
  const placeOf = (n: number) => keyframes.places?.[keyframes.timesSeconds.indexOf(grid[n]?.startSeconds ?? -1)]
  // The film's beginning is where its first keyframe is, or its first sound.
  const first = index === 0 ? { ...keyframes.places[0], fromByte: packets.firstByte } : placeOf(index)
  const next = placeOf(index + 1) ?? { pictureByte: sizeBytes, toByte: sizeBytes }
  if (first?.pictureByte === undefined || (index + 1 < grid.length && !placeOf(index + 1))) throw noIndex()
  return { range: [first.fromByte, next.toByte], pictures: [first.pictureByte, next.pictureByte] }
}

const noIndex = () => new AppError('not_playable', 'This film has no index to cut it by. Try another source.')

/** `bytes`: of the range. Throws `not_playable` where it is damaged. */
export function transportPictures(
  { inside }: Film,
  trackId: number,
  { range: [from], pictures: [first, end] }: TransportRange,
  bytes: Uint8Array,
): CodedFrame[] {
  const { packets, tracks, startSeconds, keyframes } = inside
  const codec = nalCodecOf(tracks.video.find(({ id }) => id === trackId)?.codec)
  if (!packets || !codec) throw noIndex()
  const near = nearOf(inside, first)
  const frames: CodedFrame[] = []
  for (const { ticks, data } of readUnits(bytes.subarray(first - from, end - from), packets, trackId)) {
    const count = countPictures(codec, data)
    if (count === 0) continue
    if (count > 1 || ticks === undefined) throw damaged()
    const seconds = nearTo(near, ticks) / TICKS_PER_SECOND - startSeconds
    const kind = pictureHead(codec, data, false)?.kind
    frames.push({ seconds, isKey: frames.length === 0 || kind === 'idr', data: lengthPrefixed(codec, data) })
  }
  // Of an open first group: pictures that need what was sent before the film.
  const beginning = keyframes?.timesSeconds[0] ?? 0
  return frames.filter(({ seconds }) => seconds >= beginning - 0.0005)
}

/** Read at once on the way to the picture's end, and at most in all. */
const STEP_BYTES = 512 * 1024
const MOST_PICTURE_BYTES = 16 * 1024 * 1024

/** The keyframe that a segment begins with, alone. Throws `not_playable` where the film is damaged. */
export async function transportKeyPicture(
  film: Film,
  trackId: number,
  index: number,
  signal: AbortSignal,
): Promise<CodedFrame> {
  const { pictures } = transportRange(film, segmentGrid(film.inside), index)
  const [from, end] = [pictures[0], Math.min(pictures[1], pictures[0] + MOST_PICTURE_BYTES)]
  const { packets } = film.inside
  let bytes = Buffer.alloc(0)
  while (packets && from + bytes.length < end) {
    const at = from + bytes.length
    bytes = Buffer.concat([bytes, await film.read(at, Math.min(end, at + STEP_BYTES), signal)])
    const [, next] = [...readUnits(bytes, packets, trackId)]
    if (next) bytes = bytes.subarray(0, next.at)
    if (next) break
  }
  const [frame] = transportPictures(film, trackId, { range: [from, end], pictures: [from, end] }, bytes)
  if (!frame) throw damaged()
  return frame
}

/** All of the range that are whole: who asks leaves out what belongs to the segments beside. */
export function transportSound(
  { inside }: Film,
  trackId: number,
  { pictures: [first] }: TransportRange,
  bytes: Uint8Array,
  read: ReadSoundFrame,
): CodedFrame[] {
  if (!inside.packets) throw noIndex()
  const units = [...readUnits(bytes, inside.packets, trackId)]
  return splitSound(units, read, nearOf(inside, first)).map(({ seconds, data }) => ({
    ...{ seconds: seconds - inside.startSeconds, isKey: true, data },
  }))
}

/** The file's own time of the keyframe there: others are within a segment or two of it. */
function nearOf({ keyframes, startSeconds }: Film['inside'], pictureByte: number): number {
  const n = keyframes?.places?.findIndex((place) => place.pictureByte === pictureByte) ?? 0
  return ((keyframes?.timesSeconds[n] ?? 0) + startSeconds) * TICKS_PER_SECOND
}
