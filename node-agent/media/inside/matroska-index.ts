/** Cues, chapters and the heads of attachments of a Matroska file, out of their bytes (RFC 9559 §5.1.5 to §5.1.7). Pure. */
import type { Chapter } from '#protocol/tracks.ts'
import type { Attachment } from '../../state/probe.ts'
import { children, type Element, readElement, readText, readUint } from './ebml.ts'
import { id } from './matroska-ids.ts'

export type Cue = {
  ticks: number
  trackNumber: number
  /** Where the cluster begins in the file. */
  clusterByte: number
  /** Where the block begins in the cluster's data, when the file says. */
  relativeByte?: number
}

const MOST_CUES = 400_000
const MOST_CHAPTERS = 500

/** Those that point into the segment, in the order they are stored. `base`: where the segment's data begins. */
export function readCues(body: Uint8Array, base: number, endByte: number): Cue[] {
  const cues: Cue[] = []
  for (const point of children(body)) {
    if (point.id !== id.cuePoint || cues.length >= MOST_CUES) continue
    const inner = [...children(body, point.dataStart, point.dataEnd)]
    const time = inner.find((child) => child.id === id.cueTime)
    const ticks = time && readUint(body, time)
    if (ticks === undefined) continue
    for (const positions of inner) {
      if (positions.id !== id.cueTrackPositions) continue
      const numbers = new Map<number, number | undefined>()
      for (const child of children(body, positions.dataStart, positions.dataEnd)) {
        numbers.set(child.id, readUint(body, child))
      }
      const [trackNumber, cluster] = [numbers.get(id.cueTrack), numbers.get(id.cueClusterPosition)]
      const relativeByte = numbers.get(id.cueRelativePosition)
      if (trackNumber === undefined || cluster === undefined || base + cluster >= endByte) continue
      cues.push({
        ...{ ticks, trackNumber, clusterByte: base + cluster },
        ...(relativeByte === undefined ? {} : { relativeByte }),
      })
    }
  }
  return cues
}

/** Of the default edition, else the first; hidden ones and those inside another left out. In the file's seconds. */
export function readChapters(body: Uint8Array): Chapter[] {
  const editions = [...children(body)].filter((child) => child.id === id.editionEntry)
  const isDefault = (edition: Element) =>
    [...children(body, edition.dataStart, edition.dataEnd)].some(
      (child) => child.id === id.editionFlagDefault && readUint(body, child) === 1,
    )
  const edition = editions.find(isDefault) ?? editions[0]
  if (!edition) return []
  return [...children(body, edition.dataStart, edition.dataEnd)]
    .filter((child) => child.id === id.chapterAtom)
    .slice(0, MOST_CHAPTERS)
    .flatMap((atom) => readChapter(body, atom) ?? [])
    .sort((a, b) => a.startSeconds - b.startSeconds)
}

function readChapter(body: Uint8Array, atom: Element): Chapter | undefined {
  let [start, end, name]: [number | undefined, number | undefined, string | undefined] = [
    undefined,
    undefined,
    undefined,
  ]
  for (const child of children(body, atom.dataStart, atom.dataEnd)) {
    if (child.id === id.chapterTimeStart) start = readUint(body, child)
    if (child.id === id.chapterTimeEnd) end = readUint(body, child)
    if (child.id === id.chapterFlagHidden && readUint(body, child) === 1) return undefined
    if (child.id !== id.chapterDisplay || name !== undefined) continue
    for (const text of children(body, child.dataStart, child.dataEnd)) {
      if (text.id === id.chapString) name = readText(body, text, 200)
    }
  }
  if (start === undefined) return undefined
  // Nanoseconds, whatever the file's scale (§5.1.7.1.4.3).
  return {
    startSeconds: start / 1e9,
    ...(end !== undefined && end > start ? { endSeconds: end / 1e9 } : {}),
    ...(name ? { name } : {}),
  }
}

/** One attached file out of its first bytes, which begin at `position` in the film. */
export function readAttachments(
  head: Uint8Array,
  file: Element,
  position: number,
  sizeBytes: number,
): Attachment | undefined {
  let [name, mimeType] = ['', '']
  let at = file.dataStart
  while (at < file.dataEnd) {
    const child = readElement(head, at)
    if (!child) return undefined
    if (child.id === id.fileName) name = readText(head, child, 255)
    if (child.id === id.fileMediaType) mimeType = readText(head, child, 100)
    if (child.id === id.fileData) {
      const startByte = position + child.dataStart
      const fits = startByte + child.sizeBytes <= sizeBytes
      return fits && name ? { name, mimeType, startByte, sizeBytes: child.sizeBytes } : undefined
    }
    at = child.dataEnd
  }
  return undefined
}
