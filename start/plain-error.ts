/** A failure that a person can act on: it is printed as it is, without a stack. */
export class PlainError extends Error {
  override readonly name = 'PlainError'
}
