/** What a Matroska file says of itself outside its clusters, read by ranges: tracks, index, chapters, attachments. */
import type { Chapter } from '#protocol/tracks.ts'
import type { Attachment } from '../../state/probe.ts'
import type { ReadBytes } from '../read-bytes.ts'
import { children, type Element, MOST_HEADER_BYTES, readElement, readFloat, readUint } from './ebml.ts'
import { id } from './matroska-ids.ts'
import { type Cue, readAttachments, readChapters, readCues } from './matroska-index.ts'
import { type MatroskaTrack, readTracks } from './matroska-tracks.ts'

export type Matroska = {
  /** Nanoseconds of one tick. */
  timestampScale: number
  durationSeconds: number | undefined
  tracks: MatroskaTrack[]
  /** In the order they are stored; cluster positions are bytes of the file. */
  cues: Cue[]
  /** Times as the file has them, not yet film seconds. */
  chapters: Chapter[]
  attachments: Attachment[]
  firstClusterByte: number | undefined
  /** Where the segment ends. */
  endByte: number
  /** It says that it goes on after the file's last byte. */
  isCutShort: boolean
}

/** Larger ones are hostile: three hours of film with ten subtitle tracks have some 500 kB of Cues. */
const MOST_BYTES: ReadonlyMap<number, number> = new Map([
  [id.seekHead, 64 * 1024],
  [id.info, 64 * 1024],
  [id.tracks, 8 * 1024 * 1024],
  [id.cues, 8 * 1024 * 1024],
  [id.chapters, 1024 * 1024],
])
/** Elements looked at between the segment's beginning and its first cluster. */
const MOST_ELEMENTS = 64
/** Most attachments, whose bytes are passed over. */
const MOST_ATTACHMENTS = 200

/** Undefined for what is no Matroska file. Rejects only when reading does. */
export async function readMatroska(sizeBytes: number, read: ReadBytes): Promise<Matroska | undefined> {
  const at = async (position: number, length: number) =>
    position >= 0 && position < sizeBytes ? read(position, Math.min(sizeBytes, position + length)) : new Uint8Array(0)
  const head = await at(0, 4096)
  const ebml = readElement(head, 0)
  if (ebml?.id !== id.ebml || !ebml.isWhole) return undefined
  const segment = readElement(head, ebml.dataEnd)
  if (segment?.id !== id.segment) return undefined
  const base = segment.dataStart
  const endByte = Math.min(sizeBytes, base + segment.sizeBytes)

  const found = new Map<number, Uint8Array>()
  const positions = new Map<number, number>()
  let firstClusterByte: number | undefined
  /** Reads the element at a position; says where the next begins. */
  const take = async (position: number): Promise<{ id: number; next: number } | undefined> => {
    const start = await at(position, 4096)
    const element = readElement(start, 0)
    if (!element) return undefined
    const next = position + element.dataStart + element.sizeBytes
    const most = MOST_BYTES.get(element.id)
    if (element.id === id.attachments) positions.set(id.attachments, position)
    if (most !== undefined && element.sizeBytes <= most && !found.has(element.id)) {
      const body = element.isWhole
        ? start.subarray(element.dataStart, element.dataEnd)
        : await at(position + element.dataStart, element.sizeBytes)
      found.set(element.id, body)
      if (element.id === id.seekHead) for (const seek of readSeeks(body, base)) positions.set(seek.id, seek.position)
    }
    return { id: element.id, next }
  }

  let position = base
  for (let n = 0; n < MOST_ELEMENTS && position < endByte; n++) {
    const taken = await take(position)
    if (!taken) break
    if (taken.id === id.cluster) {
      firstClusterByte = position
      break
    }
    position = taken.next
  }
  for (const wanted of [id.info, id.tracks, id.cues, id.chapters]) {
    const where = positions.get(wanted)
    if (!found.has(wanted) && where !== undefined) await take(where)
  }
  const attachmentsAt = positions.get(id.attachments)
  const info = found.get(id.info) ?? new Uint8Array(0)
  const { timestampScale, durationSeconds } = readInfo(info)
  return {
    timestampScale,
    durationSeconds,
    tracks: readTracks(found.get(id.tracks) ?? new Uint8Array(0)),
    cues: readCues(found.get(id.cues) ?? new Uint8Array(0), base, endByte),
    chapters: readChapters(found.get(id.chapters) ?? new Uint8Array(0)),
    attachments: attachmentsAt === undefined ? [] : await listAttachments(attachmentsAt, at, sizeBytes),
    firstClusterByte,
    endByte,
    isCutShort: Number.isFinite(segment.sizeBytes) && base + segment.sizeBytes > sizeBytes,
  }
}

function* readSeeks(body: Uint8Array, base: number): Generator<{ id: number; position: number }> {
  for (const seek of children(body)) {
    if (seek.id !== id.seek) continue
    const inner = [...children(body, seek.dataStart, seek.dataEnd)]
    const number = (wanted: number) => {
      const element = inner.find((child) => child.id === wanted)
      return element && readUint(body, element)
    }
    const [seekId, position] = [number(id.seekId), number(id.seekPosition)]
    if (seekId !== undefined && position !== undefined) yield { id: seekId, position: base + position }
  }
}

function readInfo(body: Uint8Array): { timestampScale: number; durationSeconds: number | undefined } {
  let timestampScale = 1_000_000
  let ticks: number | undefined
  for (const child of children(body)) {
    if (child.id === id.timestampScale) timestampScale = readUint(body, child) || timestampScale
    if (child.id === id.duration) ticks = readFloat(body, child)
  }
  const seconds = ((ticks ?? 0) * timestampScale) / 1e9
  return { timestampScale, durationSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined }
}

/** Walks over the attached files by their headers: the bytes of fonts are not read. */
async function listAttachments(
  position: number,
  at: (position: number, length: number) => Promise<Uint8Array>,
  sizeBytes: number,
): Promise<Attachment[]> {
  const outer = readElement(await at(position, MOST_HEADER_BYTES), 0)
  if (outer?.id !== id.attachments) return []
  const end = Math.min(sizeBytes, position + outer.dataStart + outer.sizeBytes)
  const files: Attachment[] = []
  let next = position + outer.dataStart
  while (next < end && files.length < MOST_ATTACHMENTS) {
    const head = await at(next, 2048)
    const file: (Element & { sizeBytes: number }) | undefined = readElement(head, 0)
    if (!file || !Number.isFinite(file.sizeBytes)) break
    if (file.id === id.attachedFile) {
      const attachment = readAttachments(head, file, next, sizeBytes)
      if (attachment) files.push(attachment)
    }
    next += file.dataStart + file.sizeBytes
  }
  return files
}
