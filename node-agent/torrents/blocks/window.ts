/** How far ahead of a reader the swarm is asked. Pure. */

const MiB = 1024 * 1024
const LEAST_AHEAD_BYTES = 16 * MiB
const MOST_AHEAD_BYTES = 64 * MiB
/** A reader begins with this much, so that a probe (a header, an index) costs little. */
const FIRST_AHEAD_BYTES = 2 * MiB
/** Then the window grows by so many bytes for each that was read without a gap. */
const GROWTH = 4
/** Film seconds to have ahead when the swarm is fast, and when it hardly keeps up. */
const COMFORTABLE_SECONDS = 20
const CAUTIOUS_SECONDS = 60
/** Until the bitrate is known: a good 1080p film. */
export const ASSUMED_BYTES_PER_SECOND = 1024 * 1024
/** A reader that has come this far plays; then the piece it stands in is completed behind it too. */
const PLAYS_AFTER_BYTES = 2 * MiB

export type Reading = {
  /** Bytes taken so far without a gap. */
  readBytes: number
  /** Of the film; undefined until it is known. */
  bytesPerSecond: number | undefined
  /** What the peers deliver together. */
  swarmBytesPerSecond: number
}

/**
 * Bytes ahead of the reader that may be asked for: 16 to 64 MiB by bitrate and by how easily the swarm keeps up, less
 * while the reader has only begun (anacrolix/torrent's idea: what was read is the best sign of what will be).
 */
export function windowBytes({
  readBytes,
  bytesPerSecond = ASSUMED_BYTES_PER_SECOND,
  swarmBytesPerSecond,
}: Reading): number {
  const isFast = swarmBytesPerSecond > 3 * bytesPerSecond
  const seconds = isFast ? COMFORTABLE_SECONDS : CAUTIOUS_SECONDS
  const full = Math.min(MOST_AHEAD_BYTES, Math.max(LEAST_AHEAD_BYTES, bytesPerSecond * seconds))
  return Math.min(full, FIRST_AHEAD_BYTES + GROWTH * readBytes)
}

/** Whether the reader plays on, so that the start of its first piece is worth fetching too (the piece then verifies). */
export function completesBehind(readBytes: number): boolean {
  return readBytes >= PLAYS_AFTER_BYTES
}
