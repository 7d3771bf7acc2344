/** Requests that come all at once begin a few in each turn of the event loop: what the disk brings goes out between. */

/** As many as Node reads from disk at once. */
const MOST_PER_TURN = 4

/**
 * Gives the function that each request waits for before it begins: at once (undefined) while there is room in this
 * turn, in a later turn after all that came before it otherwise. Without it fifty requests would all have to begin
 * before the first of them is sent a byte.
 */
export function inTurns(nextTurn: (then: () => void) => void = setImmediate): () => Promise<void> | undefined {
  const waiting: (() => void)[] = []
  let begun = 0
  const turn = () => {
    begun = 0
    while (begun < MOST_PER_TURN && waiting.length > 0) {
      begun++
      waiting.shift()?.()
    }
    if (begun > 0) nextTurn(turn)
  }
  return () => {
    if (begun === 0) nextTurn(turn)
    if (begun < MOST_PER_TURN && waiting.length === 0) {
      begun++
      return undefined
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
}
