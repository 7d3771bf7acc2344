/** Bytes of a subtitle file → text, whatever character set its maker had. Pure. */
import { charsetsOf, likelyCharset } from './legacy-charset.ts'

/** A text file over this is no subtitle file. */
export const MOST_FILE_BYTES = 8 * 1024 * 1024

/** Byte order mark, else UTF-16 by its zeros, else UTF-8, else the charset of the language, else the likeliest one. */
export function decodeText(bytes: Uint8Array, language?: string): string {
  return decode(bytes.subarray(0, MOST_FILE_BYTES), language).replace(/^\uFEFF/, '')
}

function decode(bytes: Uint8Array, language: string | undefined): string {
  const marked = markedCharset(bytes) ?? wideCharset(bytes)
  if (marked) return new TextDecoder(marked).decode(bytes)
  const utf8 = decodeStrictly(bytes, 'utf-8')
  if (utf8 !== undefined) return utf8
  const charset = likelyCharset(bytes, charsetsOf(language))
  // One wrong byte in a file of UTF-8 must not cost the rest.
  return new TextDecoder(charset).decode(bytes)
}

export function decodeStrictly(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function markedCharset([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined
}

/** Digits, spaces and line ends make every second byte of UTF-16 zero again and again, in any language. */
function wideCharset(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  })
  const [even = 0, odd = 0] = zeros
  const many = sample.length / 20
  if (odd > many && even < odd / 4) return 'utf-16le'
  return even > many && odd < even / 4 ? 'utf-16be' : undefined
}
