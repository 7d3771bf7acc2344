/** The short code a person types to let an agent in. */

/** 31 letters and digits of which none looks like another (protocol/pairing.ts). */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** Like `ABCD-EFGH`: 31^8, some 40 bits, of which a person may guess ten times in ten minutes. */
export function newUserCode(
  random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string {
  let code = ''
  while (code.length < 8) {
    // Bytes from 248 on are dropped: 256 is not a multiple of 31, and the first letters would come more often.
    for (const byte of random(new Uint8Array(16))) {
      if (byte < 248 && code.length < 8) code += alphabet[byte % 31]
    }
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
