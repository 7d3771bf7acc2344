/**
 * ThumbHash (evanw.github.io/thumbhash, by Evan Wallace) of a small picture without transparency: some twenty bytes of
 * which a browser draws the picture out of focus. Lightness and two differences of colours, each as a few cosines.
 */
import { encodeBase64Url } from '#protocol/base64url.ts'
import type { SmallPicture } from './jpeg-averages.ts'

const LIGHT_TERMS = 7

/** base64url, at most 36 letters. */
export function thumbHash({ width, height, rgb }: SmallPicture): string {
  const longest = Math.max(width, height)
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round((LIGHT_TERMS * side) / longest)))
  const at = (n: number, part: number) => (rgb[n * 3 + part] ?? 0) / 255
  const channel = (of: (r: number, g: number, b: number) => number) =>
    Float64Array.from({ length: width * height }, (_, n) => of(at(n, 0), at(n, 1), at(n, 2)))
  const size = { width, height }
  const light = encode(
    channel((r, g, b) => (r + g + b) / 3),
    size,
    Math.max(3, across ?? 1),
    Math.max(3, down ?? 1),
  )
  const yellow = encode(
    channel((r, g, b) => (r + g) / 2 - b),
    size,
    3,
    3,
  )
  const green = encode(
    channel((r, g) => r - g),
    size,
    3,
    3,
  )
  const isWide = width > height
  const head =
    Math.round(63 * light.constant) |
    (Math.round(31.5 + 31.5 * yellow.constant) << 6) |
    (Math.round(31.5 + 31.5 * green.constant) << 12) |
    (Math.round(31 * light.scale) << 18)
  const more =
    ((isWide ? down : across) ?? 1) |
    (Math.round(63 * yellow.scale) << 3) |
    (Math.round(63 * green.scale) << 9) |
    (isWide ? 1 << 15 : 0)
  const bytes = [head & 255, (head >> 8) & 255, head >> 16, more & 255, more >> 8]
  for (const [n, term] of [light, yellow, green].flatMap(({ terms }) => terms).entries()) {
    const place = 5 + (n >> 1)
    bytes[place] = (bytes[place] ?? 0) | (Math.round(15 * term) << ((n & 1) << 2))
  }
  return encodeBase64Url(Uint8Array.from(bytes))
}

type Encoded = { constant: number; terms: number[]; scale: number }

/** A discrete cosine transform of which the corner with the slow waves is kept; its terms from 0 to 1 of the largest. */
function encode(
  channel: Float64Array,
  { width, height }: Pick<SmallPicture, 'width' | 'height'>,
  across: number,
  down: number,
): Encoded {
  const terms: number[] = []
  const [waveX, waveY] = [waves(across, width), waves(down, height)]
  let [constant, scale] = [0, 0]
  for (let cy = 0; cy < down; cy++) {
    for (let cx = 0; cx * down < across * (down - cy); cx++) {
      let sum = 0
      for (let y = 0; y < height; y++) {
        const wave = waveY[cy * height + y] ?? 0
        for (let x = 0; x < width; x++) sum += (channel[y * width + x] ?? 0) * (waveX[cx * width + x] ?? 0) * wave
      }
      const term = sum / (width * height)
      if (cx === 0 && cy === 0) constant = term
      else {
        terms.push(term)
        scale = Math.max(scale, Math.abs(term))
      }
    }
  }
  return { constant, scale, terms: scale === 0 ? terms : terms.map((term) => 0.5 + (0.5 / scale) * term) }
}

const waves = (count: number, length: number): Float64Array =>
  Float64Array.from({ length: count * length }, (_, n) =>
    Math.cos((Math.PI / length) * Math.floor(n / length) * ((n % length) + 0.5)),
  )
