/** The sample tables of an MP4 (ISO/IEC 14496-12 §8.6, §8.7): where each frame stands and when it is shown. */
import type { ReadBytes } from '../read-bytes.ts'

/** Arrays with one entry a sample, in decode order. */
export type SampleTable = {
  trackId: number
  count: number
  offsets: Float64Array
  sizes: Uint32Array
  /** When each is shown, in the file's own seconds, edit list applied. */
  seconds: Float64Array
  isKey: (sample: number) => boolean
  about: TrackAbout
}

/** What an MP4 says of a track besides its samples; four letters each for what it holds and how that is coded. */
export type TrackAbout = {
  /** `vide`, `soun`, `sbtl`, `text` (§8.4.3). */
  handler: string
  /** `avc1`, `mp4a`, `tx3g`, `wvtt` (§8.5.2). */
  format: string
  /** ISO 639-2 (§8.4.2). */
  languageCode: string
  name: string
  isEnabled: boolean
  /** Tracks that this one names as its chapters (QuickTime's `chap`). */
  chapterTrackIds: readonly number[]
  lastsSeconds: number
}

/** Three hours of film have some 15 MB of tables. */
const MOST_MOOV_BYTES = 96 * 1024 * 1024
const MOST_BOXES = 64
/** Of all tracks together: three hours at 60 frames a second with seven tracks of sound. A few bytes can claim any number. */
const MOST_SAMPLES = 4_500_000

/** What may still be read of the file's tracks. */
type Budget = { samples: number }
type Box = { type: string; start: number; end: number }

/** Undefined for a file that is fragmented, or whose tables do not agree with one another. Rejects when reading does. */
export async function readSampleTables(sizeBytes: number, read: ReadBytes): Promise<SampleTable[] | undefined> {
  let at = 0
  for (let n = 0; n < MOST_BOXES && at + 8 <= sizeBytes; n++) {
    const head = Buffer.from(await read(at, Math.min(sizeBytes, at + 16)))
    const type = head.toString('latin1', 4, 8)
    const short = head.readUInt32BE(0)
    const size = short === 1 && head.length >= 16 ? Number(head.readBigUInt64BE(8)) : short || sizeBytes - at
    if (size < 8) return undefined
    if (type === 'moof') return undefined
    if (type === 'moov') {
      if (size > MOST_MOOV_BYTES || at + size > sizeBytes) return undefined
      return readMoov(Buffer.from(await read(at, at + size)))
    }
    at += size
  }
  return undefined
}

function readMoov(bytes: Buffer): SampleTable[] | undefined {
  try {
    const moov = boxes(bytes, 8, bytes.length)
    const mvhd = moov.find(({ type }) => type === 'mvhd')
    if (!mvhd || moov.some(({ type }) => type === 'mvex')) return undefined
    const movieScale = bytes.readUInt32BE(mvhd.start + (bytes[mvhd.start] === 1 ? 20 : 12))
    const traks = moov.filter(({ type }) => type === 'trak')
    const budget = { samples: MOST_SAMPLES }
    return traks.flatMap((trak) => readTrak(bytes, trak, movieScale, budget) ?? [])
  } catch {
    // Reading past the end: the file is damaged.
    return undefined
  }
}

function boxes(bytes: Buffer, start: number, end: number): Box[] {
  const found: Box[] = []
  for (let at = start; at + 8 <= end && found.length < 1000; ) {
    const short = bytes.readUInt32BE(at)
    const isLong = short === 1
    const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short || end - at
    if (size < 8 || at + size > end) break
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at + (isLong ? 16 : 8), end: at + size })
    at += size
  }
  return found
}

function readTrak(bytes: Buffer, trak: Box, movieScale: number, budget: Budget): SampleTable | undefined {
  const find = (box: Box | undefined, type: string) =>
    box && boxes(bytes, box.start, box.end).find((inner) => inner.type === type)
  const mdia = find(trak, 'mdia')
  const stbl = find(find(mdia, 'minf'), 'stbl')
  const [tkhd, mdhd] = [find(trak, 'tkhd'), find(mdia, 'mdhd')]
  const of = (type: string) => find(stbl, type)
  const [stts, stsz, stsc] = [of('stts'), of('stsz'), of('stsc')]
  const chunks = of('co64') ?? of('stco')
  if (!tkhd || !mdhd || !stts || !stsz || !stsc || !chunks) return undefined
  const trackId = bytes.readUInt32BE(tkhd.start + (bytes[tkhd.start] === 1 ? 20 : 12))
  const timescale = bytes.readUInt32BE(mdhd.start + (bytes[mdhd.start] === 1 ? 20 : 12))
  const sizes = readSizes(bytes, stsz, budget)
  const count = sizes.length
  const offsets = readOffsets(bytes, stsc, chunks, sizes)
  const ticks = readTicks(bytes, stts, of('ctts'), count)
  if (!offsets || !ticks || timescale === 0) return undefined
  const shift = editShift(bytes, find(find(trak, 'edts'), 'elst'), timescale, movieScale)
  const stss = of('stss')
  const keys = stss && new Set(readWords(bytes, stss.start + 8, bytes.readUInt32BE(stss.start + 4)))
  return {
    ...{ trackId, count, offsets, sizes, about: readAbout(bytes, trak, mdia, stbl, timescale) },
    seconds: ticks.map((tick) => tick / timescale + shift),
    // Without the table every sample is one (§8.6.2.1).
    isKey: (sample) => keys === undefined || keys.has(sample + 1),
  }
}

function readAbout(
  bytes: Buffer,
  trak: Box,
  mdia: Box | undefined,
  stbl: Box | undefined,
  timescale: number,
): TrackAbout {
  const find = (box: Box | undefined, type: string) =>
    box && boxes(bytes, box.start, box.end).find((inner) => inner.type === type)
  const four = (at: number | undefined) => (at === undefined ? '' : bytes.toString('latin1', at, at + 4))
  const [mdhd, hdlr, stsd, tkhd] = [find(mdia, 'mdhd'), find(mdia, 'hdlr'), find(stbl, 'stsd'), find(trak, 'tkhd')]
  const isLong = mdhd !== undefined && bytes[mdhd.start] === 1
  const letters = mdhd ? bytes.readUInt16BE(mdhd.start + (isLong ? 32 : 20)) : 0
  const ticks = !mdhd
    ? 0
    : isLong
      ? Number(bytes.readBigUInt64BE(mdhd.start + 24))
      : bytes.readUInt32BE(mdhd.start + 16)
  const named = find(find(trak, 'udta'), 'name')
  const chap = find(find(trak, 'tref'), 'chap')
  return {
    handler: four(hdlr && hdlr.start + 8),
    format: four(stsd && stsd.start + 12),
    languageCode: String.fromCharCode(...[10, 5, 0].map((shift) => ((letters >> shift) & 31) + 0x60)),
    name: named ? bytes.toString('utf8', named.start, named.end).replaceAll('\0', '') : '',
    isEnabled: tkhd !== undefined && ((bytes[tkhd.start + 3] ?? 0) & 1) === 1,
    chapterTrackIds: chap ? readWords(bytes, chap.start, (chap.end - chap.start) / 4) : [],
    lastsSeconds: timescale === 0 ? 0 : ticks / timescale,
  }
}

const readWords = (bytes: Buffer, at: number, count: number): number[] =>
  Array.from({ length: Math.min(count, (bytes.length - at) / 4) }, (_, n) => bytes.readUInt32BE(at + n * 4))

function readSizes(bytes: Buffer, { start }: Box, budget: Budget): Uint32Array {
  const [fixed, count] = [bytes.readUInt32BE(start + 4), bytes.readUInt32BE(start + 8)]
  budget.samples -= count
  if (budget.samples < 0) throw new RangeError('too many samples')
  const sizes = new Uint32Array(count)
  for (let n = 0; n < count; n++) sizes[n] = fixed || bytes.readUInt32BE(start + 12 + n * 4)
  return sizes
}

/** Sample to chunk (§8.7.4): runs of chunks with equally many samples, one after another in each. */
function readOffsets(bytes: Buffer, stsc: Box, chunks: Box, sizes: Uint32Array): Float64Array | undefined {
  const runs = bytes.readUInt32BE(stsc.start + 4)
  const isLong = bytes.toString('latin1', chunks.start - 4, chunks.start) === 'co64'
  const chunkCount = bytes.readUInt32BE(chunks.start + 4)
  const offsets = new Float64Array(sizes.length)
  let [sample, run, perChunk] = [0, 0, 0]
  for (let chunk = 1; chunk <= chunkCount && sample < sizes.length; chunk++) {
    while (run < runs && bytes.readUInt32BE(stsc.start + 8 + run * 12) <= chunk) {
      perChunk = bytes.readUInt32BE(stsc.start + 12 + run * 12)
      run++
    }
    const at = chunks.start + 8 + (chunk - 1) * (isLong ? 8 : 4)
    let offset = isLong ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at)
    for (let n = 0; n < perChunk && sample < sizes.length; n++, sample++) {
      offsets[sample] = offset
      offset += sizes[sample] ?? 0
    }
  }
  return sample === sizes.length ? offsets : undefined
}

/** Decode times and composition offsets added up, in the track's own ticks. */
function readTicks(bytes: Buffer, stts: Box, ctts: Box | undefined, count: number): Float64Array | undefined {
  const ticks = new Float64Array(count)
  let [sample, time] = [0, 0]
  for (let n = 0, runs = bytes.readUInt32BE(stts.start + 4); n < runs && sample < count; n++) {
    const [many, delta] = [bytes.readUInt32BE(stts.start + 8 + n * 8), bytes.readUInt32BE(stts.start + 12 + n * 8)]
    for (let k = 0; k < many && sample < count; k++, time += delta) ticks[sample++] = time
  }
  if (sample < count) return undefined
  sample = 0
  for (let n = 0, runs = ctts ? bytes.readUInt32BE(ctts.start + 4) : 0; ctts && n < runs && sample < count; n++) {
    const [many, offset] = [bytes.readUInt32BE(ctts.start + 8 + n * 8), bytes.readInt32BE(ctts.start + 12 + n * 8)]
    for (let k = 0; k < many && sample < count; k++, sample++) ticks[sample] = (ticks[sample] ?? 0) + offset
  }
  return ticks
}

/** Seconds that an edit list moves a track by (§8.6.6): empty edits first, then where the media begins. */
function editShift(bytes: Buffer, elst: Box | undefined, timescale: number, movieScale: number): number {
  if (!elst) return 0
  const isLong = bytes[elst.start] === 1
  let empty = 0
  for (let n = 0, count = bytes.readUInt32BE(elst.start + 4); n < count; n++) {
    const at = elst.start + 8 + n * (isLong ? 20 : 12)
    const duration = isLong ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at)
    const media = isLong ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4)
    if (media >= 0) return empty - media / timescale
    empty += duration / movieScale
  }
  return empty
}
