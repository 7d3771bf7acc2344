/** Pure: where a film begins, from what the edge saved, what this browser remembers, and what the person asked. */
import type { SavedProgress } from '../../api.ts'
import { isResumable } from '../../resumable.ts'

type Known = { startOver: boolean; saved: SavedProgress | null; local: SavedProgress | undefined }

/** Seconds. The newer memory wins: this browser's may be ahead when the last save did not get through. */
export function whereToStart({ startOver, saved, local }: Known): number {
  if (startOver) return 0
  const newest = local && (!saved || local.watchedAtMs > saved.watchedAtMs) ? local : saved
  return newest && isResumable(newest) ? newest.positionSeconds : 0
}
