/** A .sup file for tests: little boxes of one colour at given times, which ffmpeg can put into a film (it makes none). */

export type Box = { startSeconds: number; endSeconds: number; width: number; height: number }

/** Each box is an epoch of its own, and a set without pictures ends it (US 2009/0185789 A1 describes the segments). */
export function makeSup(boxes: readonly Box[]): Uint8Array {
  let number = 0
  return Buffer.concat(
    boxes.flatMap(({ startSeconds, endSeconds, width, height }) => [
      set(startSeconds, [
        presentation(number++, 0x80, 1),
        windows(width, height),
        palette(),
        picture(width, height),
        end,
      ]),
      set(endSeconds, [presentation(number++, 0x00, 0), windows(width, height), end]),
    ]),
  )
}

type Segment = { type: number; body: Buffer }
const end: Segment = { type: 0x80, body: Buffer.alloc(0) }

function set(atSeconds: number, segments: readonly Segment[]): Buffer {
  return Buffer.concat(
    segments.map(({ type, body }) => {
      const head = Buffer.alloc(13)
      head.write('PG', 'latin1')
      head.writeUInt32BE(Math.round(atSeconds * 90_000), 2)
      head[10] = type
      head.writeUInt16BE(body.length, 11)
      return Buffer.concat([head, body])
    }),
  )
}

/** Size of the screen, frame rate, number, state (0x80: an epoch begins), palette, and at most one picture at 10, 10. */
function presentation(number: number, state: number, pictures: number): Segment {
  const head = Buffer.from([0, 0, 0, 0, 0x10, number >> 8, number & 0xff, state, 0, 0, pictures])
  head.writeUInt16BE(320, 0)
  head.writeUInt16BE(240, 2)
  return {
    type: 0x16,
    body: Buffer.concat([head, pictures ? Buffer.from([0, 0, 0, 0, 0, 10, 0, 10]) : Buffer.alloc(0)]),
  }
}

function windows(width: number, height: number): Segment {
  const body = Buffer.from([1, 0, 0, 10, 0, 10, 0, 0, 0, 0])
  body.writeUInt16BE(width, 6)
  body.writeUInt16BE(height, 8)
  return { type: 0x17, body }
}

/** Colour 1: opaque white. */
const palette = (): Segment => ({ type: 0x14, body: Buffer.from([0, 0, 1, 235, 128, 128, 255]) })

/** Lines of one run each: 0, 0x80 | length, colour; then 0, 0. */
function picture(width: number, height: number): Segment {
  const lines = Buffer.concat(Array.from({ length: height }, () => Buffer.from([0, 0x80 | width, 1, 0, 0])))
  const head = Buffer.from([0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0])
  head.writeUIntBE(lines.length + 4, 4, 3)
  head.writeUInt16BE(width, 7)
  head.writeUInt16BE(height, 9)
  return { type: 0x15, body: Buffer.concat([head, lines]) }
}
