/** Recovery codes as people see them. Pure but for the randomness passed in. */

/** RFC 4648 without the letters and digits that look alike in print: 32 signs, five bits each. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const LENGTH = 25

/**
 * 25 signs out of 31, some 123 bits, in groups of five: long enough that a fast MAC is enough at rest (ASVS 6.5.2).
 */
export function newRecoveryCode(
  random: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string {
  let code = ''
  while (code.length < LENGTH) {
    // Bytes from 248 on are dropped: 256 is not a multiple of 31, and the first letters would come more often.
    for (const byte of random(new Uint8Array(32))) if (byte < 248 && code.length < LENGTH) code += alphabet[byte % 31]
  }
  return code.replace(/(.{5})(?=.)/g, '$1-')
}

/** However it was typed: spaces, dashes and capitals do not matter. */
export const plainRecoveryCode = (typed: string): string => typed.toLowerCase().replace(/[\s-]/g, '')
