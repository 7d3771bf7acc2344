/** Trackers on this machine and network that may be called: those the operator named, and those of our own offers. */
import type { TorrentSource } from '#protocol/source.ts'
import { type IsTrustedTracker, readTorrentSource } from './read-torrent-source.ts'

export type TrustedTrackers = {
  isTrusted: IsTrustedTracker
  /** What one of this agent's own providers offers may name any tracker. */
  trust(source: TorrentSource): Promise<void>
}

export function trustedTrackers(named: readonly string[]): TrustedTrackers {
  const trusted = new Set(named)
  return {
    isTrusted: (url) => trusted.has(url),
    async trust(source) {
      const { hints } = await readTorrentSource(source, () => true)
      for (const url of hints.trackers) trusted.add(url)
    },
  }
}
