/** Which sound a transport stream carries, out of its tables of programs (ISO/IEC 13818-1 §2.4.4). Pure. */
import { beginsUnit, isBroken, isSync, type Layout, PACKET_BYTES, payloadAt, pidAt } from './packets.ts'

/** How far into a file its tables are looked for: they are sent again every half second at the latest. */
export const TABLES_BYTES = 1024 * 1024

/** `format`: as ffmpeg names it. `language`: three letters, as written. */
export type Sound = { pid: number; format: string; language?: string }

/** By the type of its stream; 0x80 and above as Blu-ray and ATSC have them. */
const SOUNDS: Readonly<Record<number, string>> = {
  ...{ 3: 'mp2', 4: 'mp2', 15: 'aac', 17: 'aac_latm', 128: 'pcm_bluray', 129: 'ac3', 130: 'dts' },
  ...{ 131: 'truehd', 132: 'eac3', 133: 'dts', 134: 'dts', 135: 'eac3', 138: 'dts' },
}
/** By a descriptor of private data (ETSI EN 300 468 §6.2). */
const DESCRIBED: Readonly<Record<number, string>> = { 106: 'ac3', 122: 'eac3', 123: 'dts', 124: 'aac' }
const PRIVATE_DATA = 0x06
const REGISTRATION = 0x05
const LANGUAGE = 0x0a
const REGISTERED: Readonly<Record<string, string>> = {
  ...{ 'AC-3': 'ac3', EAC3: 'eac3', Opus: 'opus', BSSD: 's302m', DTS1: 'dts', DTS2: 'dts', DTS3: 'dts' },
}

/** Of the first program, in the order it lists them. `bytes` begin at a sync byte. Empty when there are no tables. */
export function soundsOf(bytes: Uint8Array, layout: Layout): Sound[] {
  const association = readSection(bytes, layout, 0)
  // Four bytes a program; number 0 is none (§2.4.4.5).
  const programs = association ? chunksOf(association.subarray(8, association.length - 4), 4) : []
  const program = programs.find(([high, low]) => high !== 0 || low !== 0)
  const map = program && readSection(bytes, layout, (((program[2] ?? 0) & 0x1f) << 8) | (program[3] ?? 0))
  if (!map) return []
  const sounds: Sound[] = []
  let at = 12 + twelveBits(map, 10)
  while (at + 5 <= map.length - 4) {
    const [type = 0, pid] = [map[at], (((map[at + 1] ?? 0) & 0x1f) << 8) | (map[at + 2] ?? 0)]
    const end = at + 5 + twelveBits(map, at + 3)
    const told = describe(map.subarray(at + 5, Math.min(end, map.length - 4)))
    const format = type === PRIVATE_DATA ? told.format : SOUNDS[type]
    if (format) sounds.push({ pid, format, ...(told.language ? { language: told.language } : {}) })
    at = end
  }
  return sounds.slice(0, 64)
}

/** The first whole one of a stream, from its table's id to its checksum. */
function readSection(bytes: Uint8Array, { strideBytes }: Layout, pid: number): Uint8Array | undefined {
  let section: Buffer | undefined
  for (let at = 0; at + PACKET_BYTES <= bytes.length; at += strideBytes) {
    if (!isSync(bytes, at) || pidAt(bytes, at) !== pid || isBroken(bytes, at)) continue
    const payload = bytes.subarray(payloadAt(bytes, at), at + PACKET_BYTES)
    // A pointer says how much of the one before still follows.
    if (beginsUnit(bytes, at)) section = Buffer.from(payload.subarray(1 + (payload[0] ?? 0)))
    else if (section) section = Buffer.concat([section, payload])
    if (section && section.length >= 12 && section.length >= 3 + twelveBits(section, 1)) {
      return section.subarray(0, 3 + twelveBits(section, 1))
    }
  }
  return undefined
}

function describe(descriptors: Uint8Array): { format?: string; language?: string } {
  let found: { format?: string; language?: string } = {}
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    const tag = descriptors[at] ?? 0
    const text = Buffer.from(descriptors.subarray(at + 2, at + 2 + (descriptors[at + 1] ?? 0))).toString('latin1')
    const format = tag === REGISTRATION ? REGISTERED[text.slice(0, 4)] : DESCRIBED[tag]
    found = { ...found, ...(format ? { format } : {}), ...(tag === LANGUAGE ? { language: text.slice(0, 3) } : {}) }
  }
  return found
}

const twelveBits = (bytes: Uint8Array, at: number): number => (((bytes[at] ?? 0) & 0x0f) << 8) | (bytes[at + 1] ?? 0)

const chunksOf = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.floor(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size))
