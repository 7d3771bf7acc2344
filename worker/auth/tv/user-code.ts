/** The short code a television shows. */

/** 28 letters and digits of which none looks like another, and no vowels, so that no code is a word. */
const alphabet = 'BCDFGHJKMNPQRSTVWXYZ23456789'
export const USER_CODE = /^[BCDFGHJKMNPQRSTVWXYZ2-9]{4}-[BCDFGHJKMNPQRSTVWXYZ2-9]{4}$/

/** Like `BCDF-2345`: 28^8, some 38 bits; it opens nothing without the secret that the television keeps. */
export function newTvCode(
  random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string {
  let code = ''
  while (code.length < 8) {
    // Bytes from 252 on are dropped: 256 is not a multiple of 28, and the first letters would come more often.
    for (const byte of random(new Uint8Array(16))) if (byte < 252 && code.length < 8) code += alphabet[byte % 28]
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
