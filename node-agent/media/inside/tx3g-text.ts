/** The text of a sample of timed text (3GPP TS 26.245 §5.17), and of a QuickTime chapter, which is coded alike. Pure. */

/** Its length, then UTF-8, or UTF-16 behind a byte order mark; styles after it are passed over. Empty for what is damaged. */
export function tx3gText(sample: Uint8Array): string {
  const bytes = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength)
  if (bytes.length < 2) return ''
  const text = bytes.subarray(2, 2 + bytes.readUInt16BE(0))
  const isWide = text.length >= 2 && text.readUInt16BE(0) === 0xfeff
  return new TextDecoder(isWide ? 'utf-16be' : 'utf-8').decode(text).trim()
}
