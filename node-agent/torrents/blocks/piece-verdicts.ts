/** What follows when a piece fails its hash: where it is fetched from next, and who is found to have sent the bad blocks. */
import { blame, type FailedAttempt, guiltyOf, onlySender } from './ban-peers.ts'
import type { PieceBuffer } from './piece-buffer.ts'
import type { PlannedWire } from './plan-requests.ts'

/** What is known of peers, shared by all torrents. */
export type PeerRecord = {
  /** Bad blocks by peer. */
  badBlocks: Map<string, number>
  banned: Set<string>
  onBanned: (peerKey: string) => void
}

export class PieceVerdicts {
  readonly #record: PeerRecord
  /** Attempts at pieces that are suspect, until they verify. */
  readonly #attempts = new Map<number, FailedAttempt[]>()
  /** The one wire a suspect piece is fetched from now. */
  readonly #sources = new Map<number, number>()

  constructor(record: PeerRecord) {
    this.#record = record
  }

  /** A suspect piece failed before: it comes from one wire at a time, and nobody is shown it before it verifies. */
  isSuspect(piece: number): boolean {
    return this.#attempts.has(piece)
  }

  /** The only wire that may be asked for a suspect piece; -1 while there is none. */
  sourceOf(piece: number): number | undefined {
    return this.isSuspect(piece) ? (this.#sources.get(piece) ?? -1) : undefined
  }

  damaged(buffer: PieceBuffer): void {
    const attempt = buffer.attempt()
    const sender = onlySender(attempt)
    const before = this.#attempts.get(buffer.index) ?? []
    // An attempt from one peer alone tells all it can at once; one of many waits for the piece to compare with.
    this.#attempts.set(buffer.index, sender === undefined ? [...before, attempt] : before)
    this.#sources.delete(buffer.index)
    if (sender !== undefined) this.#blame(new Map([[sender, attempt.length]]))
  }

  /** The piece has verified: whose blocks differed before is known now. */
  verified(buffer: PieceBuffer): void {
    const attempts = this.#attempts.get(buffer.index)
    this.#attempts.delete(buffer.index)
    this.#sources.delete(buffer.index)
    if (attempts !== undefined && attempts.length > 0) this.#blame(guiltyOf(attempts, buffer.digests()))
  }

  /** Gives each suspect piece the fastest wire that has it; `isStalled` ones are left for another. */
  chooseSources(wires: readonly PlannedWire[], isStalled: (wireId: number) => boolean): void {
    for (const piece of this.#attempts.keys()) {
      const now = this.#sources.get(piece)
      const able = wires.filter((wire) => wire.has(piece) && !isStalled(wire.id))
      if (able.some((wire) => wire.id === now)) continue
      const [fastest] = able.sort((a, b) => b.bytesPerSecond - a.bytesPerSecond)
      if (fastest) this.#sources.set(piece, fastest.id)
      else this.#sources.delete(piece)
    }
  }

  #blame(guilty: ReadonlyMap<string, number>): void {
    const { badBlocks, banned, onBanned } = this.#record
    for (const peer of blame(badBlocks, guilty)) {
      if (banned.has(peer)) continue
      banned.add(peer)
      onBanned(peer)
    }
  }
}
