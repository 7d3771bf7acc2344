/** Reads JSON that may be broken: undefined then, because what the parser says of it quotes it, and it may hold secrets. */
export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
