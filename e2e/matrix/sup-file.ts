/** A Blu-ray subtitle stream (PGS, as a .sup file) that shows one white box per cue: ffmpeg has no encoder for it. */

type Times = { startSeconds: number; endSeconds: number }

const VIDEO = { width: 320, height: 180 }
const BOX = { x: 80, y: 130, width: 160, height: 30 }

/** Segment types of the format, as every demuxer names them. */
const segment = { palette: 0x14, object: 0x15, composition: 0x16, window: 0x17, end: 0x80 }

export function supFile(cues: readonly Times[]): Uint8Array {
  return Buffer.concat(
    cues.flatMap(({ startSeconds, endSeconds }, at) => [
      ...displaySet(startSeconds, at * 2, true),
      ...displaySet(endSeconds, at * 2 + 1, false),
    ]),
  )
}

/** What is on the screen from then on: the box, or nothing. */
function displaySet(seconds: number, number: number, shows: boolean): Buffer[] {
  const window = Buffer.from([1, 0, ...u16(BOX.x), ...u16(BOX.y), ...u16(BOX.width), ...u16(BOX.height)])
  const object = shows ? [0, 0, 0, 0, ...u16(BOX.x), ...u16(BOX.y)] : []
  const composition = Buffer.from([
    ...[...u16(VIDEO.width), ...u16(VIDEO.height), 0x10, ...u16(number)],
    // Epoch start with the box, normal when it goes.
    ...[shows ? 0x80 : 0x00, 0x00, 0x00, shows ? 1 : 0],
    ...object,
  ])
  const pixels = boxPixels()
  return [
    part(seconds, segment.composition, composition),
    part(seconds, segment.window, window),
    ...(shows
      ? [
          // Entry 1: white (Y, Cr, Cb) and opaque.
          part(seconds, segment.palette, Buffer.from([0, 0, 1, 235, 128, 128, 255])),
          part(
            seconds,
            segment.object,
            Buffer.from([0, 0, 0, 0xc0, ...u24(pixels.length + 4), ...u16(BOX.width), ...u16(BOX.height), ...pixels]),
          ),
        ]
      : []),
    part(seconds, segment.end, Buffer.alloc(0)),
  ]
}

/** Run-length lines: a run of colour 1 as long as the box is wide, then the line's end. */
const boxPixels = (): number[] =>
  Array.from({ length: BOX.height }, () => [0, 0xc0 | (BOX.width >> 8), BOX.width & 0xff, 1, 0, 0]).flat()

function part(seconds: number, type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.write('PG', 'latin1')
  header.writeUInt32BE(Math.round(seconds * 90_000), 2)
  header.writeUInt8(type, 10)
  header.writeUInt16BE(body.length, 11)
  return Buffer.concat([header, body])
}

const u16 = (value: number) => [value >> 8, value & 0xff]
const u24 = (value: number) => [value >> 16, (value >> 8) & 0xff, value & 0xff]
