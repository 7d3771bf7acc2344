/** A sum over bytes in their order (Fletcher's, with 32 bits): the same in a page that has no other, and at home. */
export function createChecksum(): { add(bytes: Uint8Array): void; value(): string } {
  let [one, other] = [0, 0]
  return {
    add(bytes) {
      for (const byte of bytes) {
        one = (one + byte) % 65_535
        other = (other + one) % 65_535
      }
    },
    value: () => `${one}-${other}`,
  }
}
