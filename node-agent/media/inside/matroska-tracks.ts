/** Track entries of a Matroska file, out of their bytes (RFC 9559 §5.1.4). Pure. */
import { children, type Element, readText, readUint } from './ebml.ts'
import { id } from './matroska-ids.ts'

export type Compression = 'none' | 'zlib' | { strip: Uint8Array } | 'unknown'

export type MatroskaTrack = {
  number: number
  type: 'video' | 'audio' | 'subtitles' | 'other'
  codecId: string
  codecPrivate: Uint8Array | undefined
  language: string | undefined
  name: string | undefined
  isDefault: boolean
  isForced: boolean
  isForHardOfHearing: boolean
  /** Of one frame. */
  defaultDurationNanoseconds: number | undefined
  isInterlaced: boolean | undefined
  compression: Compression
  /** Dolby Vision's profile, when there is its record (`dvcC`, `dvvC`). */
  dolbyVisionProfile: number | undefined
}

const MOST_TRACKS = 256
const types = new Map([
  [1, 'video'],
  [2, 'audio'],
  [17, 'subtitles'],
] as const)
const dolbyVision = new Set([0x64766343, 0x64767643])

export function readTracks(body: Uint8Array): MatroskaTrack[] {
  return [...children(body)]
    .filter((child) => child.id === id.trackEntry)
    .slice(0, MOST_TRACKS)
    .flatMap((entry) => readTrack(body, entry) ?? [])
}

function readTrack(body: Uint8Array, entry: Element): MatroskaTrack | undefined {
  const inner = new Map<number, Element>()
  for (const child of children(body, entry.dataStart, entry.dataEnd)) {
    if (!inner.has(child.id)) inner.set(child.id, child)
  }
  const number = (wanted: number) => {
    const element = inner.get(wanted)
    return element && readUint(body, element)
  }
  const text = (wanted: number, most: number) => {
    const element = inner.get(wanted)
    return (element && readText(body, element, most)) || undefined
  }
  const trackNumber = number(id.trackNumber)
  if (!trackNumber) return undefined
  const codecPrivate = inner.get(id.codecPrivate)
  return {
    number: trackNumber,
    type: types.get((number(id.trackType) ?? 0) as 1) ?? 'other',
    codecId: text(id.codecId, 64) ?? '',
    codecPrivate: codecPrivate && body.subarray(codecPrivate.dataStart, codecPrivate.dataEnd),
    // The older element is English when it is missing (§5.1.4.1.19); said rather than guessed is better.
    language: text(id.languageBcp47, 35) ?? text(id.language, 35),
    name: text(id.name, 200),
    isDefault: number(id.flagDefault) !== 0,
    isForced: number(id.flagForced) === 1,
    isForHardOfHearing: number(id.flagHearingImpaired) === 1,
    defaultDurationNanoseconds: number(id.defaultDuration),
    isInterlaced: readInterlaced(body, inner.get(id.video)),
    compression: readCompression(body, inner.get(id.contentEncodings)),
    dolbyVisionProfile: readDolbyVision(body, entry),
  }
}

function readInterlaced(body: Uint8Array, video: Element | undefined): boolean | undefined {
  if (!video) return undefined
  for (const child of children(body, video.dataStart, video.dataEnd)) {
    if (child.id === id.flagInterlaced) return readUint(body, child) === 1 || undefined
  }
  return undefined
}

/** What was done to each block (§5.1.4.1.31): several encodings, or an encrypted one, are `unknown`. */
function readCompression(body: Uint8Array, encodings: Element | undefined): Compression {
  if (!encodings) return 'none'
  const each = [...children(body, encodings.dataStart, encodings.dataEnd)].filter(
    (one) => one.id === id.contentEncoding,
  )
  const [only] = each
  if (!only || each.length > 1) return only ? 'unknown' : 'none'
  const inner = [...children(body, only.dataStart, only.dataEnd)]
  const compression = inner.find((child) => child.id === id.contentCompression)
  const scope = inner.find((child) => child.id === id.contentEncodingScope)
  // A scope without its first bit leaves blocks alone.
  if (scope && ((readUint(body, scope) ?? 1) & 1) === 0) return 'none'
  if (!compression || inner.some((child) => child.id === id.contentEncryption)) return 'unknown'
  let [algorithm, settings]: [number | undefined, Uint8Array] = [0, new Uint8Array(0)]
  for (const child of children(body, compression.dataStart, compression.dataEnd)) {
    if (child.id === id.contentCompAlgo) algorithm = readUint(body, child)
    if (child.id === id.contentCompSettings) settings = body.subarray(child.dataStart, child.dataEnd)
  }
  if (algorithm === 0) return 'zlib'
  return algorithm === 3 ? { strip: settings } : 'unknown'
}

/** The profile stands in the third byte of the record (Dolby Vision Streams Within the ISOBMFF, §2.2). */
function readDolbyVision(body: Uint8Array, entry: Element): number | undefined {
  for (const mapping of children(body, entry.dataStart, entry.dataEnd)) {
    if (mapping.id !== id.blockAdditionMapping) continue
    const inner = [...children(body, mapping.dataStart, mapping.dataEnd)]
    const type = inner.find((child) => child.id === id.blockAddIdType)
    const extra = inner.find((child) => child.id === id.blockAddIdExtraData)
    if (type && extra && dolbyVision.has(readUint(body, type) ?? 0)) return (body[extra.dataStart + 2] ?? 0) >> 1
  }
  return undefined
}
