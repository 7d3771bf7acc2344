/**
 * Pure: a ThumbHash (evanw.github.io/thumbhash, by Evan Wallace) as a picture, so that a card has its poster's colours before the
 * poster is there. The same cosines that the edge took it apart into (worker/catalog/pictures/thumb-hash.ts).
 */

const LONG_SIDE = 24

/** A `data:` address of a few hundred pixels; undefined for what is no hash. */
export function thumbPicture(hash: string): string | undefined {
  const known = made.get(hash)
  if (known !== undefined) return known
  const bytes = bytesOf(hash)
  if (bytes === undefined) return undefined
  const picture = `data:image/bmp;base64,${btoa(String.fromCharCode(...bitmapOf(pixelsOf(bytes))))}`
  // A long evening of browsing sees a few thousand; each is two kilobytes.
  if (made.size > 2000) made.clear()
  made.set(hash, picture)
  return picture
}

const made = new Map<string, string>()

function bytesOf(hash: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]{14,40}$/.test(hash) || hash.length % 4 === 1) return undefined
  return Uint8Array.from(atob(hash.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
}

export type Pixels = { width: number; height: number; rgb: Uint8Array }

/** A hash that is cut short lacks its finest waves, and is a picture all the same. */
export function pixelsOf(hash: Uint8Array): Pixels {
  const byte = (at: number) => hash[at] ?? 0
  const head = byte(0) | (byte(1) << 8) | (byte(2) << 16)
  const more = byte(3) | (byte(4) << 8)
  const isWide = more >> 15 === 1
  const [across, down] = isWide ? [7, Math.max(3, more & 7)] : [Math.max(3, more & 7), 7]
  let term = 0
  const channel = (nx: number, ny: number, scale: number): Wave[] => {
    const waves: Wave[] = []
    for (let y = 0; y < ny; y++) {
      for (let x = y === 0 ? 1 : 0; x * ny < nx * (ny - y); x++) {
        const nibble = (byte(5 + (term >> 1)) >> ((term++ & 1) << 2)) & 15
        waves.push({ x, y, by: (nibble / 7.5 - 1) * scale })
      }
    }
    return waves
  }
  // Rounding takes colour away; a quarter more brings it back.
  const light = channel(across, down, ((head >> 18) & 31) / 31)
  const yellow = channel(3, 3, (((more >> 3) & 63) / 63) * 1.25)
  const green = channel(3, 3, (((more >> 9) & 63) / 63) * 1.25)
  const ratio = (isWide ? 7 : more & 7) / (isWide ? more & 7 : 7)
  const sides = ratio > 1 ? [LONG_SIDE, LONG_SIDE / ratio] : [LONG_SIDE * ratio, LONG_SIDE]
  const [width, height] = sides.map((side) => Math.max(1, Math.min(LONG_SIDE, Math.round(side)))) as [number, number]
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (waves: readonly Wave[], constant: number) =>
        waves.reduce((sum, wave) => sum + wave.by * waveAt(wave, (x + 0.5) / width, (y + 0.5) / height), constant)
      const [l, p, q] = [
        at(light, (head & 63) / 63),
        at(yellow, ((head >> 6) & 63) / 31.5 - 1),
        at(green, ((head >> 12) & 63) / 31.5 - 1),
      ]
      const b = l - (2 / 3) * p
      const r = (3 * l - b + q) / 2
      for (const [part, value] of [r, r - q, b].entries()) {
        rgb[(y * width + x) * 3 + part] = Math.max(0, Math.min(255, Math.round(255 * value)))
      }
    }
  }
  return { width, height, rgb }
}

type Wave = { x: number; y: number; by: number }

const waveAt = ({ x, y }: Wave, across: number, down: number): number =>
  2 * Math.cos(Math.PI * x * across) * Math.cos(Math.PI * y * down)

/** A Windows bitmap of 24 bits: the one format that needs no compressor. Its lines stand upside down, blue first. */
function bitmapOf({ width, height, rgb }: Pixels): Uint8Array {
  const line = Math.ceil((width * 3) / 4) * 4
  const bytes = new Uint8Array(54 + line * height)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3
      const to = 54 + (height - 1 - y) * line + x * 3
      bytes.set([rgb[from + 2] ?? 0, rgb[from + 1] ?? 0, rgb[from] ?? 0], to)
    }
  }
  return bytes
}
