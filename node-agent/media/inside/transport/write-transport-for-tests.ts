/** Writes small transport streams for tests: pictures and sound, each in PES packets of their own. */
import { PACKET_BYTES } from './packets.ts'

export const VIDEO_PID = 0x100
export const SOUND_PID = 0x101

/** `pid`'s unit that begins at `ticks`; `data` is what it carries. */
export type UnitToWrite = { pid: number; ticks?: number; data: Uint8Array; isRandomAccess?: boolean }

/** H.264 of 320 × 180 as x264 writes it: in frames alone, and in what may be fields. */
export const FRAME_PARAMETERS = Buffer.from('6764000cacd941419f9f011000000300100000030300f1429960', 'hex')
export const FIELD_PARAMETERS = Buffer.from('67640015acd941433f260220000003002000000603e28532c0', 'hex')

const startCode = Buffer.from([0, 0, 0, 1])
const slice = (head: number, n: number) => Buffer.from([head, 0x88, ...Array.from({ length: 20 + n }, () => 0x7f)])

/** `idr` brings its parameters; `recovery` says that decoding can begin at it. */
export function picture(kind: 'idr' | 'recovery' | 'other', n = 0, parameters: Uint8Array = FRAME_PARAMETERS): Buffer {
  const before =
    kind === 'idr'
      ? [startCode, parameters]
      : kind === 'recovery'
        ? [startCode, Buffer.from([6, 6, 1, 0xc4, 0x80])]
        : []
  return Buffer.concat([
    startCode,
    Buffer.from([9, 0xf0]),
    ...before,
    startCode,
    slice(kind === 'idr' ? 0x65 : 0x41, n),
  ])
}

/** A frame of AAC of 1024 samples at 48 kHz whose bytes are all `fill`. */
export function adtsFrame(fill: number, payloadBytes = 40): Buffer {
  const size = payloadBytes + 7
  const head = [0xff, 0xf1, 0x4c, 0x80 | (size >> 11), (size >> 3) & 0xff, ((size & 7) << 5) | 0x1f, 0xfc]
  return Buffer.concat([Buffer.from(head), Buffer.alloc(payloadBytes, fill)])
}

export function writeTransport(units: readonly UnitToWrite[]): Buffer {
  return Buffer.concat(units.flatMap((unit) => packetsOfUnit(unit)))
}

function packetsOfUnit({ pid, ticks, data, isRandomAccess }: UnitToWrite): Buffer[] {
  const whole = Buffer.concat([pesHead(pid === VIDEO_PID ? 0xe0 : 0xc0, ticks), data])
  const packets: Buffer[] = []
  for (let at = 0; at < whole.length; ) {
    const isFirst = at === 0
    const hasFlags = isFirst && isRandomAccess === true
    const room = PACKET_BYTES - 4 - (hasFlags ? 2 : 0)
    const part = whole.subarray(at, at + room)
    const stuffing = room - part.length
    const head = Buffer.from([
      0x47,
      (isFirst ? 0x40 : 0) | (pid >> 8),
      pid & 0xff,
      hasFlags || stuffing > 0 ? 0x30 : 0x10,
    ])
    // An adaptation field fills what the payload leaves.
    const field = hasFlags || stuffing > 0 ? Buffer.alloc((hasFlags ? 2 : 0) + stuffing, 0xff) : Buffer.alloc(0)
    if (field.length > 0) field[0] = field.length - 1
    if (field.length > 1) field[1] = hasFlags ? 0x40 : 0
    packets.push(Buffer.concat([head, field, part]))
    at += part.length
  }
  return packets
}

function pesHead(id: number, ticks: number | undefined): Buffer {
  if (ticks === undefined) return Buffer.from([0, 0, 1, id, 0, 0, 0x80, 0, 0])
  const time = ((ticks % 2 ** 33) + 2 ** 33) % 2 ** 33
  const [high, middle, low] = [Math.floor(time / 2 ** 30), Math.floor(time / 2 ** 15) % 2 ** 15, time % 2 ** 15]
  const stamp = [0x21 | (high << 1), middle >> 7, ((middle << 1) & 0xff) | 1, low >> 7, ((low << 1) & 0xff) | 1]
  return Buffer.from([0, 0, 1, id, 0, 0, 0x80, 0x80, 5, ...stamp])
}
