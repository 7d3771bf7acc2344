/** The table of keyframes of a Matroska file: its Cues, or the heads of its clusters when it is all on disk. */
import type { Keyframes } from '../../state/probe.ts'
import type { ReadBytes } from '../read-bytes.ts'
import { readElement } from './ebml.ts'
import { isIdr, type NalCodec, saysOpenGop } from './keyframe-kind.ts'
import { readFrames } from './matroska-blocks.ts'
import { id } from './matroska-ids.ts'
import type { Matroska } from './read-matroska.ts'

/** A block that begins this near to its cluster's beginning has only the cluster's timestamp before it. */
const NOTHING_BEFORE_BYTES = 48
/** Of a frame: its parameter sets and messages come first, the picture's kind is in the byte after them. */
const FRAME_HEAD_BYTES = 8 * 1024
/** Clusters of a film without Cues; more is not worth the wait. */
const MOST_CLUSTERS = 50_000
/** IDRs that are further apart are no place to cut. */
const IDRS_APART_SECONDS = 15

export type FilmReader = {
  sizeBytes: number
  read: ReadBytes
  /** All of it was on disk when the look began: what is read anywhere waits for nobody. */
  isWhole: boolean
  /** What would have to be read through whole is not: somebody waits. The look then says that it was not of all of it. */
  isTooLongToReadNow?: boolean
}

/** Times are the file's own seconds. Undefined: there is no index, and none can be made without the whole file. */
export async function matroskaKeyframes(
  film: FilmReader,
  file: Matroska,
  trackNumber: number,
  nal: { codec: NalCodec; lengthBytes: number } | undefined,
): Promise<Keyframes | undefined> {
  const cued = file.cues.filter((cue) => cue.trackNumber === trackNumber)
  const isCounted = cued.length === 0
  const found = !isCounted ? cued : film.isWhole ? await cuesOfClusters(film, file, trackNumber) : []
  const seconds = file.timestampScale / 1e9
  const frames = found
    .map(({ ticks, clusterByte, relativeByte = 0 }) => ({
      seconds: ticks * seconds,
      clusterByte,
      relativeByte: relativeByte <= NOTHING_BEFORE_BYTES ? 0 : relativeByte,
    }))
    .sort((a, b) => a.seconds - b.seconds)
    // Twice the same moment, or bytes that go back: a table that cannot be cut by.
    .filter((frame, n, all) => {
      const before = all[n - 1]
      return !before || (frame.seconds > before.seconds && isAfter(frame, before))
    })
    .slice(0, 200_000)
  if (frames.length === 0) return undefined
  const table = (some: readonly Keyframe[], isClosed: boolean): Keyframes => ({
    timesSeconds: some.map((frame) => frame.seconds),
    isClosed,
    ...(isCounted ? { isCounted } : {}),
    positions: some.map(({ clusterByte, relativeByte }) => ({ clusterByte, relativeByte })),
  })
  if (!nal) return table(frames, true)
  const kindAt = async (n: number) => {
    const frame = frames[n]
    const head = frame && (await keyframeHead(film, frame, trackNumber))
    return head && { isIdr: isIdr(nal.codec, head, nal.lengthBytes), isOpenGop: saysOpenGop(head) }
  }
  const first = await kindAt(0)
  const isOpen = first?.isOpenGop ?? !(await areClosed(kindAt, frames.length, film.isWhole))
  if (!isOpen) return table(frames, true)
  // Files whose encoder closes some of its groups can be cut there.
  if (!film.isWhole) return table(frames, false)
  const idrs: Keyframe[] = []
  for (const [n, frame] of frames.entries()) if (n === 0 || (await kindAt(n))?.isIdr) idrs.push(frame)
  const last = file.durationSeconds ?? frames.at(-1)?.seconds ?? 0
  const isDense = idrs.every((frame, n) => (idrs[n + 1]?.seconds ?? last) - frame.seconds <= IDRS_APART_SECONDS)
  return isDense ? table(idrs, true) : table(frames, false)
}

type Keyframe = { seconds: number; clusterByte: number; relativeByte: number }

const isAfter = (a: Keyframe, b: Keyframe) =>
  a.clusterByte > b.clusterByte || (a.clusterByte === b.clusterByte && a.relativeByte > b.relativeByte)

/** The first frame is an IDR in any film: the two after it tell, and some further on where they can be had for nothing. */
async function areClosed(
  kindAt: (n: number) => Promise<{ isIdr: boolean | undefined } | undefined>,
  count: number,
  isAllHere: boolean,
): Promise<boolean> {
  const further = isAllHere ? [0.25, 0.5, 0.75, 1].map((part) => Math.floor(part * (count - 1))) : []
  for (const n of new Set([1, 2, ...further])) {
    if (n < count && (await kindAt(n))?.isIdr === false) return false
  }
  return true
}

/** The first bytes of the keyframe at a position. */
async function keyframeHead(film: FilmReader, { clusterByte, relativeByte }: Keyframe, trackNumber: number) {
  const cluster = readElement(await film.read(clusterByte, Math.min(film.sizeBytes, clusterByte + 12)), 0)
  if (cluster?.id !== id.cluster) return undefined
  const at = clusterByte + cluster.dataStart + relativeByte
  if (at >= film.sizeBytes) return undefined
  const bytes = await film.read(at, Math.min(film.sizeBytes, at + FRAME_HEAD_BYTES))
  for (const frame of readFrames(bytes, 0, new Set([trackNumber]))) return frame.data
  return undefined
}

/** What Cues would have said: each cluster that begins with a keyframe, found by walking over their heads. */
async function cuesOfClusters(film: FilmReader, file: Matroska, trackNumber: number) {
  const cues: { ticks: number; clusterByte: number; relativeByte?: number }[] = []
  const wanted = new Set([trackNumber])
  let at = file.firstClusterByte
  for (let n = 0; n < MOST_CLUSTERS && at !== undefined && at < file.endByte; n++) {
    const head = await film.read(at, Math.min(film.sizeBytes, at + FRAME_HEAD_BYTES))
    const element = readElement(head, 0)
    if (!element || element.isUnknownSize) break
    if (element.id === id.cluster) {
      const [frame] = readFrames(head, 0, wanted)
      if (frame?.isKey) cues.push({ ticks: frame.ticks, clusterByte: at })
    }
    at += element.dataStart + element.sizeBytes
  }
  return cues
}
