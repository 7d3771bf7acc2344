/** Pure: reads bencode (BEP 3) that anybody may have made, within bounds, and keeps where each value lay. */

export type Bencoded = { from: number; to: number } & (
  | { kind: 'integer'; value: number }
  | { kind: 'bytes'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'list'; items: Bencoded[] }
  | { kind: 'dictionary'; entries: ReadonlyMap<string, Bencoded> }
)

/** A .torrent nests four deep; a hostile one may nest as deep as it is long. */
const MOST_DEEP = 20
/** Of all values; each file of a pack has five. */
const MOST_VALUES = 200_000

class Broken extends Error {}

const [I, L, D, END, COLON, MINUS, ZERO, NINE] = [0x69, 0x6c, 0x64, 0x65, 0x3a, 0x2d, 0x30, 0x39]

/** Undefined when it is no bencode, has anything behind its end, or passes the bounds. */
export function readBencode(bytes: Uint8Array<ArrayBuffer>): Bencoded | undefined {
  const reader = { bytes, at: 0, values: 0 }
  try {
    const value = readValue(reader, 0)
    return reader.at === bytes.length ? value : undefined
  } catch (error) {
    if (error instanceof Broken) return undefined
    throw error
  }
}

type Reader = { bytes: Uint8Array<ArrayBuffer>; at: number; values: number }

function readValue(reader: Reader, depth: number): Bencoded {
  if (depth > MOST_DEEP || ++reader.values > MOST_VALUES) throw new Broken()
  const from = reader.at
  const first = reader.bytes[from]
  if (first === I) {
    reader.at++
    const value = readNumber(reader, END)
    return { kind: 'integer', value, from, to: reader.at }
  }
  if (first === L) {
    reader.at++
    const items: Bencoded[] = []
    while (!isAtEnd(reader)) items.push(readValue(reader, depth + 1))
    return { kind: 'list', items, from, to: reader.at }
  }
  if (first === D) {
    reader.at++
    const entries = new Map<string, Bencoded>()
    while (!isAtEnd(reader)) {
      const key = latin1(readBytes(reader))
      // Of two that say `info`, programs would hash different ones.
      if (entries.has(key)) throw new Broken()
      entries.set(key, readValue(reader, depth + 1))
    }
    return { kind: 'dictionary', entries, from, to: reader.at }
  }
  const bytes = readBytes(reader)
  return { kind: 'bytes', bytes, from, to: reader.at }
}

function isAtEnd(reader: Reader): boolean {
  if (reader.bytes[reader.at] !== END) return false
  reader.at++
  return true
}

function readBytes(reader: Reader): Uint8Array<ArrayBuffer> {
  const length = readNumber(reader, COLON)
  const to = reader.at + length
  if (length < 0 || to > reader.bytes.length) throw new Broken()
  const bytes = reader.bytes.subarray(reader.at, to)
  reader.at = to
  return bytes
}

function readNumber(reader: Reader, end: number): number {
  const isNegative = reader.bytes[reader.at] === MINUS
  if (isNegative) reader.at++
  let value = 0
  let digits = 0
  for (;;) {
    const byte = reader.bytes[reader.at++]
    if (byte === end && digits > 0) return isNegative ? -value : value
    if (byte === undefined || byte < ZERO || byte > NINE || ++digits > 16) throw new Broken()
    value = value * 10 + (byte - ZERO)
  }
}

/** Keys are compared as the bytes that they are. */
const latin1 = (bytes: Uint8Array): string => {
  if (bytes.length > 1000) throw new Broken()
  return String.fromCharCode(...bytes)
}
