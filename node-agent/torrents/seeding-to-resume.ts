/** Which torrents a start takes up again to seed: those whose policy wants more of them, the ones used last first. */
import type { TorrentState } from '../state/torrent-state.ts'
import { keptLayout } from './metadata/known-metadata.ts'
import { keepsSeeding, type SeedingPolicy } from './swarm/seeding-policy.ts'

/** Each costs connections and memory; with more than these one film at a time would be given ever more slowly. */
const MOST_RESUMED = 20

export type Interrupted = {
  infoHash: string
  /** As `KeptTorrent.usedAt`. */
  usedAt: number
  idleSeconds: number
}

/** `nowSeconds` is by the clock of `store/used-clock.ts`. */
export async function seedingToResume(
  state: TorrentState,
  policy: SeedingPolicy,
  nowSeconds: number,
): Promise<Interrupted[]> {
  const found: Interrupted[] = []
  if (policy.kind === 'off') return found
  for (const { infoHash, info, bitfield, usedAt } of state.all().sort((a, b) => b.usedAt - a.usedAt)) {
    if (found.length >= MOST_RESUMED) break
    const pieceBytes = (await keptLayout(infoHash, info))?.pieceBytes ?? 0
    const idleSeconds = Math.max(0, nowSeconds - usedAt)
    const given = { uploadedBytes: state.uploadedBytes(infoHash), onDiskBytes: countBits(bitfield) * pieceBytes }
    if (keepsSeeding(policy, { ...given, idleSeconds })) found.push({ infoHash, usedAt, idleSeconds })
  }
  return found
}

export const countBits = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
