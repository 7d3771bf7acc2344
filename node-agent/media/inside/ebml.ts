/** Elements of EBML (RFC 8794) out of bytes that may be damaged or hostile. Pure. */

export type Element = {
  id: number
  /** Where its data begins and ends in the bytes that were given; the end is never past theirs. */
  dataStart: number
  dataEnd: number
  /** False when it says that it goes on after the bytes that were given, or that nobody knows how long it is. */
  isWhole: boolean
  isUnknownSize: boolean
}

/** A header is at most 4 bytes of id and 8 of size (RFC 8794 §17). */
export const MOST_HEADER_BYTES = 12

/** The id, its marker kept as everybody writes it. Undefined: no id begins here, or it is cut off. */
function readId(bytes: Uint8Array, at: number): { id: number; next: number } | undefined {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || length > 4 || at + length > bytes.length) return undefined
  let id = first
  for (let n = 1; n < length; n++) id = id * 256 + (bytes[at + n] ?? 0)
  return { id, next: at + length }
}

/** A number in VINT form, without its marker. `isUnknown`: all its bits are set (RFC 8794 §6.2). */
export function readVint(
  bytes: Uint8Array,
  at: number,
): { value: number; length: number; isUnknown: boolean } | undefined {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || length > 8 || at + length > bytes.length) return undefined
  const mask = (1 << (8 - length)) - 1
  let value = first & mask
  let isUnknown = value === mask
  for (let n = 1; n < length; n++) {
    const byte = bytes[at + n] ?? 0
    if (byte !== 0xff) isUnknown = false
    value = value * 256 + byte
  }
  return { value, length, isUnknown }
}

/** The element that begins at `at`; undefined when none does, or when not even its header is there. */
export function readElement(bytes: Uint8Array, at: number): (Element & { sizeBytes: number }) | undefined {
  const id = readId(bytes, at)
  const size = id && readVint(bytes, id.next)
  if (!id || !size || (!size.isUnknown && !Number.isSafeInteger(size.value))) return undefined
  const dataStart = id.next + size.length
  const end = size.isUnknown ? Number.POSITIVE_INFINITY : dataStart + size.value
  return {
    id: id.id,
    dataStart,
    dataEnd: Math.min(end, bytes.length),
    isWhole: end <= bytes.length,
    isUnknownSize: size.isUnknown,
    sizeBytes: size.isUnknown ? Number.POSITIVE_INFINITY : size.value,
  }
}

/** The elements between two positions, as far as they can be read. */
export function* children(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Element> {
  let at = start
  while (at < end) {
    const element = readElement(bytes, at)
    if (!element) return
    yield { ...element, dataEnd: Math.min(element.dataEnd, end) }
    if (!element.isWhole) return
    at = element.dataEnd
  }
}

/** An unsigned integer; undefined when it is longer than 8 bytes or past 2^53. An empty one is 0 (RFC 8794 §7.2). */
export function readUint(bytes: Uint8Array, { dataStart, dataEnd }: Element): number | undefined {
  if (dataEnd - dataStart > 8) return undefined
  let value = 0
  for (let at = dataStart; at < dataEnd; at++) value = value * 256 + (bytes[at] ?? 0)
  return Number.isSafeInteger(value) ? value : undefined
}

/** A float of 4 or 8 bytes. */
export function readFloat(bytes: Uint8Array, { dataStart, dataEnd }: Element): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = dataEnd - dataStart
  if (length === 4) return view.getFloat32(dataStart)
  return length === 8 ? view.getFloat64(dataStart) : undefined
}

/** Text up to its first zero byte (RFC 8794 §7.5), cut at `most` characters. */
export function readText(bytes: Uint8Array, { dataStart, dataEnd }: Element, most: number): string {
  const part = bytes.subarray(dataStart, Math.min(dataEnd, dataStart + most * 4))
  const zero = part.indexOf(0)
  return Buffer.from(zero < 0 ? part : part.subarray(0, zero))
    .toString('utf8')
    .slice(0, most)
}
