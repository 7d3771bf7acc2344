/** A segment of a track that is copied: its frames between two cuts, the same bytes on every agent, in any order. */
import { type EncodedPacket, EncodedPacketSink, type InputAudioTrack, type InputVideoTrack } from 'mediabunny'
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../film.ts'
import type { SampleTable } from '../inside/mp4-table.ts'
import { soundReader } from '../inside/transport/sound-frames.ts'
import type { CodedFrame } from './coded-frame.ts'
import { VIDEO_TIMESCALE } from './copied-init.ts'
import { cutPictures, cutSound } from './cut-runs.ts'
import { writeRuns } from './fragment.ts'
import { matroskaParts, type SegmentPart } from './matroska-parts.ts'
import { damaged } from './matroska-range.ts'
import { type MemoryPool, MOST_SEGMENT_BYTES, tooDense } from './memory-pool.ts'
import { runsOf, samplesBetween } from './mp4-range.ts'
import type { Copies } from './open-copies.ts'
import { type Segment, segmentGrid } from './segment-grid.ts'
import { transportPictures, transportRange, transportSound } from './transport-range.ts'

/** A frame at a cut is found although times are kept in milliseconds, or as fractions. */
const TOLERANCE_SECONDS = 0.0015

/** Out of Matroska it comes in parts. Throws `not_found` past the last segment, `not_playable` when the film is damaged there. */
export async function* copiedSegment(
  film: Film,
  copies: Copies,
  trackId: number,
  index: number,
  signal: AbortSignal,
): AsyncGenerator<SegmentPart, void, undefined> {
  const grid = segmentGrid(film.inside)
  const segment = grid[index]
  if (!segment) throw new AppError('not_found', 'The film ends before this.')
  const { tracks, clusters, keyframes, packets } = film.inside
  const audio = tracks.audio.find(({ id }) => id === trackId)
  const isLast = index === grid.length - 1
  const rate = audio
    ? await copies.use(film, trackId, signal, async (track) => (track.isAudioTrack() ? track.getSampleRate() : 0))
    : VIDEO_TIMESCALE
  const cut = audio
    ? cutSound(rate, audio.codec ?? '', index)
    : cutPictures(isLast ? undefined : segment.endSeconds, keyframes?.isClosed === true, index)
  const isTransport = packets !== undefined && (!audio || soundReader(audio.codec ?? '') !== undefined)
  const isMatroska = clusters !== undefined && keyframes?.positions !== undefined
  if (isMatroska && !isTransport) yield* matroskaParts({ film, trackId, grid, index }, copies, cut, signal)
  else {
    const write = (frames: readonly CodedFrame[]): Uint8Array => {
      if (!audio && frames.length === 0) throw damaged()
      return writeRuns(copies.memory, [...cut.add(frames), ...cut.end()])
    }
    const reading = { film, copies, trackId, grid, index, signal, write }
    yield { bytes: await (isTransport ? copyTransport(reading) : copyIndexed(reading)), isLast: true }
  }
}

type Reading = {
  film: Film
  copies: Copies
  trackId: number
  grid: readonly Segment[]
  index: number
  signal: AbortSignal
  /** Writes the segment; what the frames lie in is good only until it returns. */
  write: (frames: readonly CodedFrame[]) => Uint8Array
}

function copyTransport({ film, copies, trackId, grid, index, signal, write }: Reading): Promise<Uint8Array> {
  const readSound = soundReader(film.inside.tracks.audio.find(({ id }) => id === trackId)?.codec ?? '')
  const { startSeconds = 0, endSeconds = 0 } = grid[index] ?? {}
  const transport = transportRange(film, grid, index)
  return copies.ranges.use(film, transport.range, signal, (bytes) => {
    if (!readSound) return write(transportPictures(film, trackId, transport, bytes))
    const isOurs = ({ seconds }: CodedFrame) =>
      (index === 0 || seconds >= startSeconds - TOLERANCE_SECONDS) &&
      (index === grid.length - 1 || seconds < endSeconds - TOLERANCE_SECONDS)
    return write(transportSound(film, trackId, transport, bytes, readSound).filter(isOurs))
  })
}

/** By the file's own table of samples, else frame by frame as mediabunny finds them. */
async function copyIndexed(reading: Reading): Promise<Uint8Array> {
  const { film, copies, trackId, grid, index, signal, write } = reading
  const segment = grid[index]
  const table = await copies.table(film, trackId, signal)
  if (table && segment) {
    const from = index === 0 ? undefined : segment.startSeconds
    const to = index === grid.length - 1 ? undefined : segment.endSeconds
    const isVideo = film.inside.tracks.video.some(({ id }) => id === trackId)
    return copySamples(film, copies.memory, table, [from, to], isVideo, signal, write)
  }
  return write(
    await copies.use(film, trackId, signal, async (track) =>
      segment ? framesOfTrack(film, track, segment, index) : [],
    ),
  )
}

/** Reads the samples between two cuts, run by run, into memory that is taken back when `write` returns. */
async function copySamples(
  film: Film,
  memory: MemoryPool,
  table: SampleTable,
  cuts: readonly [number | undefined, number | undefined],
  isVideo: boolean,
  signal: AbortSignal,
  write: (frames: readonly CodedFrame[]) => Uint8Array,
): Promise<Uint8Array> {
  const { startSeconds } = film.inside
  const [from, to] = cuts.map((at) => (at === undefined ? undefined : at + startSeconds - TOLERANCE_SECONDS))
  const [first, last] = samplesBetween(table, from, to, isVideo)
  const runs = runsOf(table, first, last)
  if (runs.some(({ end }) => end > film.sizeBytes)) throw damaged()
  const taken = memory.take(runs.reduce((sum, { start, end }) => sum + end - start, 0))
  let used = 0
  const read: { start: number; bytes: Uint8Array }[] = []
  for (const { start, end } of runs) {
    const into = taken.subarray(used, used + end - start)
    used += end - start
    read.push({ start, bytes: await film.read(start, end, signal, into) })
  }
  const frames: CodedFrame[] = []
  for (let n = first; n < last; n++) {
    const [offset, size] = [table.offsets[n] ?? 0, table.sizes[n] ?? 0]
    const run = read.findLast(({ start }) => start <= offset)
    const seconds = (table.seconds[n] ?? 0) - startSeconds
    // Priming, which an edit list leaves out: it is over before the film begins.
    const isPriming = !isVideo && (table.seconds[n + 1] ?? Number.POSITIVE_INFINITY) - startSeconds <= 0.000_001
    if (!run || isPriming) continue
    const data = run.bytes.subarray(offset - run.start, offset - run.start + size)
    frames.push({ seconds: Math.max(0, seconds), isKey: table.isKey(n), data })
  }
  const bytes = write(frames)
  memory.give(taken)
  return bytes
}

async function framesOfTrack(
  film: Film,
  track: InputVideoTrack | InputAudioTrack,
  segment: Segment,
  index: number,
): Promise<CodedFrame[]> {
  const sink = new EncodedPacketSink(track)
  const { startSeconds } = film.inside
  const isVideo = track.isVideoTrack()
  const [from, to] = [segment.startSeconds, segment.endSeconds].map(
    (seconds) => seconds + startSeconds - TOLERANCE_SECONDS,
  )
  const isLast = segment.endSeconds === film.inside.durationSeconds
  const frames: CodedFrame[] = []
  let sizeBytes = 0
  let packet = index === 0 ? await sink.getFirstPacket() : await firstFrom(sink, from ?? 0, isVideo)
  while (packet && (isLast || !isPast(packet, to ?? 0, isVideo))) {
    sizeBytes += packet.data.length
    if (sizeBytes > MOST_SEGMENT_BYTES) throw tooDense()
    const seconds = packet.timestamp - startSeconds
    const isPriming = !isVideo && seconds + packet.duration <= 0.000_001
    if (!isPriming) frames.push({ seconds: Math.max(0, seconds), isKey: packet.type === 'key', data: packet.data })
    packet = await sink.getNextPacket(packet)
  }
  return frames
}

/** Pictures are cut in decode order, before a keyframe; sound anywhere. */
const isPast = (packet: EncodedPacket, seconds: number, isVideo: boolean) =>
  packet.timestamp >= seconds && (!isVideo || packet.type === 'key')

async function firstFrom(sink: EncodedPacketSink, seconds: number, isVideo: boolean): Promise<EncodedPacket | null> {
  const get = (at: number) => (isVideo ? sink.getKeyPacket(at) : sink.getPacket(at))
  let packet = (await get(seconds + 2 * TOLERANCE_SECONDS)) ?? (await sink.getFirstPacket())
  while (packet && !isPast(packet, seconds, isVideo)) {
    packet = isVideo ? await sink.getNextKeyPacket(packet) : await sink.getNextPacket(packet)
  }
  return packet
}
