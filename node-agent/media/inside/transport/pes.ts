/** PES packets (ISO/IEC 13818-1 §2.4.3.6): their times, and their bytes out of the packets that carry them. Pure. */
import { beginsUnit, isBroken, isSync, type Layout, PACKET_BYTES, payloadAt, pidAt } from './packets.ts'

export const TICKS_PER_SECOND = 90_000
/** Timestamps have 33 bits: they begin anew after 26 hours and a half. */
const WRAP_TICKS = 2 ** 33

/** Units of these ids have no header behind their length: padding, private data, control. */
const WITHOUT_HEADER = [0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff]

/** `ticks`: when it is shown, of 33 bits. `dataStart`: behind the header. `endsAt`: undefined when it does not say. */
export type PesHead = { ticks: number | undefined; dataStart: number; endsAt: number | undefined }

/** Undefined when none begins here. */
export function readPesHead(payload: Uint8Array): PesHead | undefined {
  const [zero, zero2, one, id = 0xff, high = 0, low = 0, , flags = 0, headerBytes = 0] = payload
  if (payload.length < 9 || zero !== 0 || zero2 !== 0 || one !== 1 || WITHOUT_HEADER.includes(id)) return undefined
  const length = (high << 8) | low
  const hasTime = (flags & 0x80) !== 0 && headerBytes >= 5 && payload.length >= 14
  return {
    ticks: hasTime ? readTicks(payload, 9) : undefined,
    dataStart: 9 + headerBytes,
    endsAt: length === 0 ? undefined : 6 + length,
  }
}

function readTicks(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(at, at + 5)
  return ((a >> 1) & 7) * 2 ** 30 + (b << 22) + ((c >> 1) << 15) + (d << 7) + (e >> 1)
}

/** The time of 33 bits that is nearest to one without a limit. */
export const nearTo = (reference: number, ticks: number): number =>
  ticks + Math.round((reference - ticks) / WRAP_TICKS) * WRAP_TICKS

/** What begins within a minute before the wrap begins below zero, as ffmpeg and mediabunny count. */
export const firstTicksOf = (ticks: number): number =>
  ticks >= WRAP_TICKS - 60 * TICKS_PER_SECOND ? ticks - WRAP_TICKS : ticks

/** `at`: where the packet stands that it begins in, in the bytes that were given. */
export type Unit = { at: number; ticks: number | undefined; data: Uint8Array }

/** Whole units of one stream, in order, out of bytes that begin at a sync byte. What is out of step is left out. */
export function* readUnits(bytes: Uint8Array, { strideBytes }: Layout, pid: number): Generator<Unit> {
  let open: { at: number; parts: Uint8Array[] } | undefined
  for (let at = 0; at + PACKET_BYTES <= bytes.length; at += strideBytes) {
    if (!isSync(bytes, at) || pidAt(bytes, at) !== pid || isBroken(bytes, at)) continue
    if (beginsUnit(bytes, at)) {
      if (open) yield* joined(open)
      open = { at, parts: [] }
    }
    const start = payloadAt(bytes, at)
    if (start < at + PACKET_BYTES) open?.parts.push(bytes.subarray(start, at + PACKET_BYTES))
  }
  if (open) yield* joined(open)
}

function* joined({ at, parts }: { at: number; parts: Uint8Array[] }): Generator<Unit> {
  const whole = Buffer.concat(parts)
  const head = readPesHead(whole)
  if (head) yield { at, ticks: head.ticks, data: whole.subarray(head.dataStart, head.endsAt) }
}
