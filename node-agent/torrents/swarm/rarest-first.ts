/** Which missing pieces a seeder fetches next: those that fewest peers have, so that none is lost. Pure. */

export type PieceKnowledge = {
  /** On disk, or on its way. */
  isHere: (piece: number) => boolean
  /** How many connected peers have the piece. */
  availability: (piece: number) => number
  /** In [0, 1); equally rare pieces are picked by chance, or all of a swarm would fetch the same ones. */
  random: () => number
}

/** First and last piece (inclusive). */
type PieceRange = { from: number; to: number }

/** At most so many, the rarest first; none when nothing is missing that anybody has. */
export function rarestPieces(
  ranges: readonly PieceRange[],
  most: number,
  { isHere, availability, random }: PieceKnowledge,
): number[] {
  const missing = new Map<number, { count: number; chance: number }>()
  for (const { from, to } of ranges) {
    for (let piece = from; piece <= to; piece++) {
      if (isHere(piece) || missing.has(piece)) continue
      const count = availability(piece)
      if (count > 0) missing.set(piece, { count, chance: random() })
    }
  }
  return [...missing]
    .sort(([, a], [, b]) => a.count - b.count || a.chance - b.chance)
    .slice(0, most)
    .map(([piece]) => piece)
}
