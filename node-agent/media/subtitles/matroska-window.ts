/** The blocks of one subtitle track that a window needs, out of a Matroska file: by its Cues, else from around it. */

import type { Clusters, Probe, SubtitleEntry } from '../../state/probe.ts'
import type { Film } from '../film.ts'
import { children, readElement, readUint, readVint } from '../inside/ebml.ts'
import { type Frame, readFrames } from '../inside/matroska-blocks.ts'
import { id, topLevel } from '../inside/matroska-ids.ts'
import type { Window } from './cue.ts'

/** `endSeconds` is undefined when the file does not say. `data` is still packed. */
export type SubtitleBlock = { startSeconds: number; endSeconds: number | undefined; data: Uint8Array }
/** How much of what comes before a window may still stand in it. */
export type LookBack = { entries: number; seconds: number }
export type FilmBytes = Pick<Film, 'sizeBytes' | 'read'> & { inside: Probe }

/** A cluster's id, size and timestamp; then a block with its neighbours. */
const HEAD_BYTES = 64
const BLOCK_BYTES = 4096
/** A block of pictures is far smaller. */
const MOST_BLOCK_BYTES = 8 * 1024 * 1024
const MOST_BLOCKS = 5000
/** What the blocks of one window may take in memory, packed and unpacked: sixty large pictures, and some. */
export const MOST_WINDOW_BYTES = 64 * 1024 * 1024
/** What is walked over for one window: a minute of video of a hundred Mbit/s, and some. */
const MOST_WALKED_BYTES = 1024 * 1024 * 1024
const WALK_BYTES = 32 * 1024

/** In order of time; those of the look-back first. Rejects only when reading does. */
export async function readSubtitleBlocks(
  film: FilmBytes,
  entry: SubtitleEntry,
  window: Window,
  back: LookBack,
  signal: AbortSignal,
): Promise<SubtitleBlock[]> {
  const { clusters, startSeconds } = film.inside
  if (!clusters) return []
  const read = (start: number, length: number) =>
    start < 0 || start >= film.sizeBytes
      ? Promise.resolve(new Uint8Array(0))
      : film.read(start, Math.min(film.sizeBytes, start + length), signal)
  const reader = { read, clusters, trackNumber: entry.trackNumber, leftBytes: MOST_WINDOW_BYTES }
  const from = window.startSeconds - back.seconds
  const found =
    entry.cues.length > 0
      ? await readCued(reader, chooseCues(entry.cues, window, back))
      : await walk(reader, walkFrom(film.inside, clusters, from), from + startSeconds, window.endSeconds + startSeconds)
  const tick = clusters.timestampScale / 1e9
  const blocks = [...found.values()].map(({ ticks, durationTicks, data }) => {
    const start = ticks * tick - startSeconds
    return {
      startSeconds: start,
      endSeconds: durationTicks === undefined ? undefined : start + durationTicks * tick,
      data,
    }
  })
  return blocks
    .filter((block) => block.startSeconds < window.endSeconds && block.startSeconds >= from)
    .sort((a, b) => a.startSeconds - b.startSeconds)
}

type Cue = SubtitleEntry['cues'][number]

/** Those inside the window, and the last few before it. Pure. */
export function chooseCues(cues: readonly Cue[], window: Window, back: LookBack): Cue[] {
  const sorted = [...cues].sort((a, b) => a.atSeconds - b.atSeconds)
  const before = sorted.filter(
    ({ atSeconds }) => atSeconds < window.startSeconds && atSeconds >= window.startSeconds - back.seconds,
  )
  const inside = sorted.filter(({ atSeconds }) => atSeconds >= window.startSeconds && atSeconds < window.endSeconds)
  return [...before.slice(-back.entries), ...inside].slice(0, MOST_BLOCKS)
}

type Reader = {
  read: (start: number, length: number) => Promise<Uint8Array>
  clusters: Clusters
  trackNumber: number
  /** Of what may be kept; Cues can name blocks that lie inside one another. */
  leftBytes: number
}
/** By where they stand, so that none is there twice. */
type Found = Map<string, Frame>

/** Clusters that are waited for at once: in a swarm each is a piece or two of its own. */
const CLUSTERS_AT_ONCE = 6

async function readCued(reader: Reader, cues: readonly Cue[]): Promise<Found> {
  const found: Found = new Map()
  const waiting = [...Map.groupBy(cues, ({ clusterByte }) => clusterByte)]
  const readOn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await readCluster(reader, next[0], next[1], found)
  }
  await Promise.all(Array.from({ length: CLUSTERS_AT_ONCE }, readOn))
  return found
}

async function readCluster(reader: Reader, clusterByte: number, cues: readonly Cue[], found: Found): Promise<void> {
  const head = await clusterHead(reader, clusterByte)
  if (!head) return
  for (const { relativeByte } of cues) {
    // One that does not say where its block is has the whole cluster read.
    if (relativeByte === undefined) return void (await walk(reader, clusterByte, 0, 0, found))
    await readBlockAt(reader, head.dataByte + relativeByte, head.ticks, found)
  }
}

async function clusterHead(reader: Reader, clusterByte: number) {
  const bytes = await reader.read(clusterByte, HEAD_BYTES)
  const cluster = readElement(bytes, 0)
  if (cluster?.id !== id.cluster) return undefined
  for (const child of children(bytes, cluster.dataStart, bytes.length)) {
    if (child.id === id.clusterTimestamp) {
      return { dataByte: clusterByte + cluster.dataStart, ticks: readUint(bytes, child) ?? 0 }
    }
  }
  return undefined
}

/** The block at a position, and those of the same track right after it (the Cues name one for each moment). */
async function readBlockAt(reader: Reader, at: number, clusterTicks: number, found: Found): Promise<void> {
  let bytes = await reader.read(at, BLOCK_BYTES)
  const block = readElement(bytes, 0)
  if (!block || block.isUnknownSize || block.sizeBytes > MOST_BLOCK_BYTES) return
  const length = block.dataStart + block.sizeBytes
  reader.leftBytes -= Math.max(bytes.length, length)
  if (reader.leftBytes < 0) return
  if (!block.isWhole) bytes = await reader.read(at, length)
  for (const frame of wholeFrames(bytes, clusterTicks, reader.trackNumber)) {
    found.set(`${at + frame.data.byteOffset - bytes.byteOffset}`, frame)
  }
}

/** Frames of blocks that end inside the bytes. A cluster that begins there has a time of its own. */
function* wholeFrames(bytes: Uint8Array, clusterTicks: number, trackNumber: number): Generator<Frame> {
  let end = 0
  for (const element of children(bytes)) {
    if (!element.isWhole || topLevel.has(element.id)) break
    end = element.dataEnd
  }
  yield* readFrames(bytes.subarray(0, end), clusterTicks, new Set([trackNumber]))
}

/** Where to begin without Cues of the track: the last keyframe before the time, else the first cluster. */
function walkFrom({ keyframes }: Probe, clusters: Clusters, fromSeconds: number): number {
  const index = (keyframes?.timesSeconds ?? []).findLastIndex((seconds) => seconds <= fromSeconds)
  return keyframes?.positions?.[index]?.clusterByte ?? clusters.firstByte
}

/**
 * From cluster to cluster and block to block by their heads; only blocks of the track are read whole. Times are the
 * file's own: clusters that end before `fromSeconds` are stepped over where that is known, and the first that begins
 * after `toSeconds` ends it. With `0, 0` it is one cluster that is read.
 */
async function walk(
  reader: Reader,
  firstByte: number,
  fromSeconds: number,
  toSeconds: number,
  found: Found = new Map(),
): Promise<Found> {
  const { clusters, trackNumber, read } = reader
  const tick = clusters.timestampScale / 1e9
  const isOneCluster = toSeconds === 0
  let [at, ticks, clustersSeen] = [firstByte, 0, 0]
  let chunk = { start: 0, bytes: new Uint8Array(0) as Uint8Array }
  let here: { start: number; end: number } | undefined
  while (
    at < clusters.endByte &&
    at - firstByte < MOST_WALKED_BYTES &&
    found.size < MOST_BLOCKS &&
    reader.leftBytes > 0
  ) {
    if (at < chunk.start || at + HEAD_BYTES > chunk.start + chunk.bytes.length) {
      chunk = { start: at, bytes: await read(at, WALK_BYTES) }
    }
    const bytes = chunk.bytes.subarray(at - chunk.start)
    const element = readElement(bytes, 0)
    if (!element) break
    if (element.id === id.cluster) {
      if (isOneCluster && clustersSeen++ > 0) break
      here = { start: at, end: at + element.dataStart + element.sizeBytes }
      at += element.dataStart
      continue
    }
    if (element.isUnknownSize) break
    if (element.id === id.clusterTimestamp) {
      ticks = readUint(bytes, element) ?? ticks
      if (!isOneCluster && ticks * tick >= toSeconds) break
      // Subtitles that begin in it begin at most a cluster's length (32767 ticks, RFC 9559 §10) after its time.
      const isOver = !isOneCluster && (ticks + 32_767) * tick < fromSeconds
      if (isOver && here && Number.isFinite(here.end)) {
        at = here.end
        continue
      }
    } else if (isOf(bytes, element, trackNumber) && element.sizeBytes <= MOST_BLOCK_BYTES) {
      const length = element.dataStart + element.sizeBytes
      reader.leftBytes -= length
      const whole = bytes.length >= length ? bytes.subarray(0, length) : await read(at, length)
      for (const frame of readFrames(whole, ticks, new Set([trackNumber]))) {
        found.set(`${at}.${frame.lace}`, frame)
      }
    }
    at += element.dataStart + element.sizeBytes
  }
  return found
}

type Head = NonNullable<ReturnType<typeof readElement>>

/** True for a block of the track; the block of a group stands first in it, as everybody writes it. */
function isOf(bytes: Uint8Array, element: Head, trackNumber: number): boolean {
  if (element.id === id.simpleBlock || element.id === id.block) {
    return readVint(bytes, element.dataStart)?.value === trackNumber
  }
  if (element.id !== id.blockGroup) return false
  const first = readElement(bytes, element.dataStart)
  return first ? isOf(bytes, first, trackNumber) || first.id !== id.block : true
}
