/** Takes the index out of a Matroska file, for tests. */

/** Writes a Void element over the Cues (RFC 9559 §5.1.5): the SeekHead goes on pointing to where they were. */
export function withoutCues(film: Buffer): Buffer {
  const edited = Buffer.from(film)
  const at = edited.lastIndexOf(Buffer.from([0x1c, 0x53, 0xbb, 0x6b]))
  // An EBML size says its own length by its leading zeros (RFC 8794 §4).
  const sizeLength = Math.clz32(edited.readUInt8(at + 4)) - 23
  const size = edited.readUIntBE(at + 4, sizeLength) % 2 ** (7 * sizeLength)
  edited.writeUInt8(0xec, at)
  edited.writeBigUInt64BE((1n << 56n) | BigInt(4 + sizeLength + size - 9), at + 1)
  return edited
}
