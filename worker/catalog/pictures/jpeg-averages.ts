/**
 * A JPEG at an eighth of its size: the average of each block of eight by eight is its DC coefficient (ITU-T T.81), so that
 * nothing has to be transformed. Sequential and progressive ones; of these the first scan, which holds nothing else.
 */
import { BitReader, type HuffmanTable, PictureError } from './huffman.ts'

/** Of TMDB's smallest size, and a good deal more. */
const MOST_PIXELS = 640

/** Red, green and blue, 0 to 255, row by row. */
export type SmallPicture = { width: number; height: number; rgb: Uint8Array }

type Component = { id: number; h: number; v: number; quantization: number; width: number; averages: Float32Array }
type Frame = {
  width: number
  height: number
  isProgressive: boolean
  components: Component[]
  columns: number
  rows: number
}
type Known = {
  frame: Frame | undefined
  /** The first of each quantization table: the DC coefficient's. */
  steps: Map<number, number>
  /** By class (0: DC, 1: AC) times sixteen and number. */
  codes: Map<number, HuffmanTable>
  restartEvery: number
}

/** Throws PictureError for whatever is not read, in time that the size of the file bounds. */
export function jpegAverages(bytes: Uint8Array): SmallPicture {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new PictureError('not a JPEG')
  const known: Known = { frame: undefined, steps: new Map(), codes: new Map(), restartEvery: 0 }
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw new PictureError('no marker')
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at++
      continue
    }
    const length = word(bytes, at + 2)
    const part = bytes.subarray(at + 4, at + 2 + length)
    if (length < 2 || part.length !== length - 2) throw new PictureError('the picture ends early')
    if (marker === 0xda) return readScan(known, part, new BitReader(bytes, at + 2 + length))
    readPart(known, marker, part)
    at += 2 + length
  }
  throw new PictureError('there is no picture in it')
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

function readPart(known: Known, marker: number, part: Uint8Array): void {
  if (marker === 0xc4) readCodes(known.codes, part)
  else if (marker === 0xdb) readSteps(known.steps, part)
  else if (marker === 0xdd) known.restartEvery = word(part, 0)
  else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) known.frame = readFrame(part, marker === 0xc2)
  else if (marker > 0xc2 && marker < 0xd0 && marker !== 0xc8) throw new PictureError('another kind of JPEG')
  // Adobe's own word for colours that are not YCbCr.
  else if (marker === 0xee && part.length >= 12 && part[0] === 0x41 && part[11] !== 1) {
    throw new PictureError('other colours')
  }
}

/** B.2.4.1 */
function readSteps(steps: Map<number, number>, part: Uint8Array): void {
  for (let at = 0; at < part.length; ) {
    const kind = part[at] ?? 0
    const isWide = kind >> 4 === 1
    steps.set(kind & 15, isWide ? word(part, at + 1) : (part[at + 1] ?? 0))
    at += 1 + (isWide ? 128 : 64)
  }
}

/** B.2.4.2 */
function readCodes(codes: Map<number, HuffmanTable>, part: Uint8Array): void {
  for (let at = 0; at + 17 <= part.length; ) {
    const counts = part.subarray(at + 1, at + 17)
    const sum = counts.reduce((total, count) => total + count, 0)
    codes.set(part[at] ?? 0, { counts, symbols: part.subarray(at + 17, at + 17 + sum) })
    at += 17 + sum
  }
}

/** B.2.2 */
function readFrame(part: Uint8Array, isProgressive: boolean): Frame {
  const [height, width, count] = [word(part, 1), word(part, 3), part[5] ?? 0]
  if (part[0] !== 8 || width < 1 || height < 1 || width > MOST_PIXELS || height > MOST_PIXELS) {
    throw new PictureError('of a size that is not read')
  }
  if ((count !== 1 && count !== 3) || part.length < 6 + 3 * count) throw new PictureError('other colours')
  const raw = Array.from({ length: count }, (_, n) => {
    const [id = 0, sampling = 0, quantization = 0] = part.subarray(6 + 3 * n, 9 + 3 * n)
    // One colour alone is not interleaved: its blocks stand one by one, whatever is said of sampling (A.2.2).
    return count === 1 ? { id, h: 1, v: 1, quantization } : { id, h: sampling >> 4, v: sampling & 15, quantization }
  })
  const [mostH, mostV] = [Math.max(...raw.map(({ h }) => h)), Math.max(...raw.map(({ v }) => v))]
  if (raw.some(({ h, v }) => h < 1 || v < 1 || h > 4 || v > 4)) throw new PictureError('no such sampling')
  const [columns, rows] = [Math.ceil(width / (8 * mostH)), Math.ceil(height / (8 * mostV))]
  const components = raw.map((one) => {
    return { ...one, width: columns * one.h, averages: new Float32Array(columns * one.h * rows * one.v) }
  })
  return { width, height, isProgressive, components, columns, rows }
}

type Coded = Component & { dc: HuffmanTable; ac: HuffmanTable | undefined; step: number }

/** B.2.3: the first scan must hold all colours; everybody's encoder writes it so. */
function readScan({ frame, steps, codes, restartEvery }: Known, part: Uint8Array, bits: BitReader): SmallPicture {
  if (!frame || part[0] !== frame.components.length) throw new PictureError('scans of another order')
  const [from, , approximation = 0] = part.subarray(1 + 2 * frame.components.length)
  if (from !== 0 || approximation >> 4 !== 0) throw new PictureError('scans of another order')
  const coded = frame.components.map((component, n): Coded => {
    const tables = part[2 + 2 * n] ?? 0
    const [dc, ac] = [codes.get(tables >> 4), codes.get(16 + (tables & 15))]
    const step = steps.get(component.quantization)
    if (part[1 + 2 * n] !== component.id || !dc || step === undefined) throw new PictureError('a table is missing')
    if (!frame.isProgressive && !ac) throw new PictureError('a table is missing')
    return { ...component, dc, ac: frame.isProgressive ? undefined : ac, step: (step << (approximation & 15)) / 8 }
  })
  readBlocks(frame, coded, restartEvery, bits)
  return inColours(frame)
}

function readBlocks({ columns, rows }: Frame, coded: readonly Coded[], restartEvery: number, bits: BitReader): void {
  const before = coded.map(() => 0)
  for (let unit = 0; unit < columns * rows; unit++) {
    if (restartEvery > 0 && unit > 0 && unit % restartEvery === 0) {
      bits.restart()
      before.fill(0)
    }
    const [column, row] = [unit % columns, Math.floor(unit / columns)]
    for (const [n, { h, v, width, averages, dc, ac, step }] of coded.entries()) {
      for (let block = 0; block < h * v; block++) {
        const length = bits.symbol(dc)
        if (length > 11) throw new PictureError('no such difference')
        const value = (before[n] ?? 0) + bits.signed(length)
        before[n] = value
        averages[(row * v + Math.floor(block / h)) * width + column * h + (block % h)] = value * step + 128
        if (ac) skipRest(bits, ac)
      }
    }
  }
}

/** F.2.2.2: what a block holds besides its average. */
function skipRest(bits: BitReader, ac: HuffmanTable): void {
  for (let at = 1; at < 64; at++) {
    const symbol = bits.symbol(ac)
    const [zeros, length] = [symbol >> 4, symbol & 15]
    if (length === 0 && zeros !== 15) return
    at += zeros
    bits.drop(length)
  }
}

/** JFIF: YCbCr of BT.601 in full range; one colour alone is grey. */
function inColours({ width: pixels, height: lines, components, columns, rows }: Frame): SmallPicture {
  const [luma, blue, red] = components
  const [width, height] = [Math.ceil(pixels / 8), Math.ceil(lines / 8)]
  const rgb = new Uint8Array(width * height * 3)
  const at = (of: Component | undefined, x: number, y: number): number => {
    if (!of || !luma) return 128
    const [mostX, mostY] = [columns * luma.h, rows * luma.v]
    const [own, line] = [Math.floor((x * of.width) / mostX), Math.floor((y * rows * of.v) / mostY)]
    return of.averages[line * of.width + own] ?? 128
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [l, b, r] = [at(luma, x, y), at(blue, x, y) - 128, at(red, x, y) - 128]
      const colour = [l + 1.402 * r, l - 0.344136 * b - 0.714136 * r, l + 1.772 * b]
      for (const [n, part] of colour.entries()) {
        rgb[(y * width + x) * 3 + n] = Math.max(0, Math.min(255, Math.round(part)))
      }
    }
  }
  return { width, height, rgb }
}
