/** From what all readers of a torrent want to which pieces are asked of the swarm, and in which order. Pure. */

/** A run of pieces, first and last inclusive. */
export type PieceRange = { from: number; to: number }

/** What one reader (or the fetch of head and tail) wants now; later ranges of the list are less urgent. */
export type Want = {
  critical?: PieceRange | undefined
  ahead: PieceRange[]
}

/** Larger is sooner. */
export const priorities = { critical: 3, ahead: 1 } as const

export type Selection = PieceRange & { priority: number }

export type PiecePlan = {
  /** Disjoint, most urgent first; pieces that are on disk are left out. */
  selections: Selection[]
  wanted: ReadonlySet<number>
  critical: ReadonlySet<number>
}

export const emptyPlan: PiecePlan = { selections: [], wanted: new Set(), critical: new Set() }

/** `isOnDisk` says whether a piece has verified already. A piece that several want gets the highest priority of all. */
export function piecePlan(wants: Iterable<Want>, isOnDisk: (piece: number) => boolean): PiecePlan {
  const priorityOf = new Map<number, number>()
  const add = ({ from, to }: PieceRange, priority: number) => {
    for (let piece = from; piece <= to; piece++) {
      if (!isOnDisk(piece)) priorityOf.set(piece, Math.max(priority, priorityOf.get(piece) ?? 0))
    }
  }
  for (const want of wants) {
    if (want.critical) add(want.critical, priorities.critical)
    for (const range of want.ahead) add(range, priorities.ahead)
  }
  const critical = [...priorityOf].filter(([, priority]) => priority === priorities.critical).map(([piece]) => piece)
  return {
    selections: toSelections(priorityOf),
    wanted: new Set(priorityOf.keys()),
    critical: new Set(critical),
  }
}

function toSelections(priorityOf: ReadonlyMap<number, number>): Selection[] {
  const selections: Selection[] = []
  for (const [piece, priority] of [...priorityOf].sort(([a], [b]) => a - b)) {
    const last = selections.at(-1)
    if (last && last.to === piece - 1 && last.priority === priority) last.to = piece
    else selections.push({ from: piece, to: piece, priority })
  }
  return selections.sort((a, b) => b.priority - a.priority || a.from - b.from)
}

/** The pieces that hold the bytes `from` to `to` (inclusive) of a file. */
export function piecesOf(file: { offsetBytes: number }, pieceBytes: number, from: number, to: number): PieceRange {
  return {
    from: Math.floor((file.offsetBytes + from) / pieceBytes),
    to: Math.floor((file.offsetBytes + to) / pieceBytes),
  }
}
