/** What follows when a piece fails its hash: where it is fetched from next, and who is found to have sent the bad blocks. */
import { blame, type FailedAttempt, guiltyOf, onlySender, provenBy } from './ban-peers.ts'
import type { PieceBuffer } from './piece-buffer.ts'
import type { PlannedWire } from './plan-requests.ts'

/** What is known of peers, shared by all torrents. */
export type PeerRecord = {
  /** Bad blocks by peer. */
  badBlocks: Map<string, number>
  banned: Set<string>
  onBanned: (peerKey: string) => void
}

type Peer = { readonly isStalled: boolean; readonly peerKey: string }

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

  /**
   * Who brought all of a piece that a player was shown is to blame for all of it: nobody may ever fetch it again. One that
   * nobody was shown is waited for until it verifies, and tells then which blocks were bad.
   */
  damaged(buffer: PieceBuffer): void {
    const { index, blockCount, isShown } = buffer
    const attempt = buffer.attempt()
    const before = this.#attempts.get(index) ?? []
    const proven = provenBy(attempt)
    const isSettled = isShown && proven.size > 0
    this.#attempts.set(index, isSettled ? before : [...before, attempt])
    this.#sources.delete(index)
    this.#blame(isSettled ? new Map([...proven.keys()].map((sender) => [sender, blockCount])) : proven)
  }

  /** The piece has verified: whose blocks differed before is known now. */
  verified(buffer: PieceBuffer): void {
    const attempts = this.#attempts.get(buffer.index)
    this.#attempts.delete(buffer.index)
    this.#sources.delete(buffer.index)
    if (attempts !== undefined) this.#blame(guiltyOf(attempts, buffer.digests()))
  }

  /**
   * Gives each suspect piece the fastest wire that has it, one of a peer that has not failed at it alone before if there
   * is any; `isStalled` ones are left for another. When all have stalled one of them is asked all the same: nothing would
   * ever show that it has recovered.
   */
  chooseSources(wires: readonly PlannedWire[], peerOf: (wireId: number) => Peer | undefined): void {
    for (const [piece, attempts] of this.#attempts) {
      const now = this.#sources.get(piece)
      const all = wires.filter((wire) => wire.has(piece))
      const lively = all.filter((wire) => !peerOf(wire.id)?.isStalled)
      const able = lively.length > 0 ? lively : all
      if (able.some((wire) => wire.id === now)) continue
      const failed = new Set(attempts.map(onlySender))
      const others = able.filter((wire) => !failed.has(peerOf(wire.id)?.peerKey))
      const [fastest] = (others.length > 0 ? others : able).sort((a, b) => b.bytesPerSecond - a.bytesPerSecond)
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
