/** Which missing piece a seeder fetches next: the one that fewest peers have, so that none is lost. Pure. */

export type PieceKnowledge = {
  isOnDisk: (piece: number) => boolean
  /** How many connected peers have the piece. */
  availability: (piece: number) => number
  /** In [0, 1); equally rare pieces are picked by chance, or all of a swarm would fetch the same one. */
  random: () => number
}

/** Undefined when nothing is missing that anybody has. `from` and `to` are inclusive. */
export function rarestPiece(
  { from, to }: { from: number; to: number },
  { isOnDisk, availability, random }: PieceKnowledge,
): number | undefined {
  let rarest: number[] = []
  let fewest = Number.POSITIVE_INFINITY
  for (let piece = from; piece <= to; piece++) {
    if (isOnDisk(piece)) continue
    const count = availability(piece)
    if (count === 0 || count > fewest) continue
    if (count < fewest) rarest = []
    fewest = count
    rarest.push(piece)
  }
  return rarest[Math.floor(random() * rarest.length)]
}
