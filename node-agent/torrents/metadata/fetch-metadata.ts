/** Asks a swarm for nothing but its metadata (BEP 9): no store, no piece, and it is left as soon as it has told. */
import parseTorrent from 'parse-torrent'
import type WebTorrent from 'webtorrent'
import type { SwarmHints } from '../../state/source-state.ts'
import { announceStop } from '../swarm/discovery-rules.ts'
import { torrentLayout } from './torrent-layout.ts'

/**
 * The bencoded info dictionary, checked as one that is played is. Rejects with the signal's reason, or with what is
 * wrong with the torrent; in either case it has left the swarm by then.
 */
export async function fetchMetadata(
  client: WebTorrent,
  { infoHash, hints }: { infoHash: string; hints: SwarmHints },
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const told = Promise.withResolvers<Uint8Array>()
  const torrent = client.add(
    { infoHash, announce: hints.trackers, urlList: [], peerAddresses: hints.peers },
    { storeCacheSlots: 0, deselect: true },
  )
  // webtorrent would make a store of it here.
  torrent._onMetadata = async (metadata) => {
    try {
      const parsed = metadata instanceof Uint8Array ? await parseTorrent(metadata) : metadata
      torrentLayout(parsed)
      if (!parsed.infoBuffer) throw new Error('the metadata is none')
      told.resolve(parsed.infoBuffer)
    } catch (error) {
      told.reject(error)
    }
  }
  torrent.on('warning', () => {})
  torrent.once('error', told.reject)
  const leave = () => told.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await told.promise
  } finally {
    signal.removeEventListener('abort', leave)
    announceStop(torrent)
    if (!torrent.destroyed) await new Promise<void>((done) => torrent.destroy({ destroyStore: false }, done))
  }
}
