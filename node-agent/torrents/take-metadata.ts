/** Stands between the swarm and webtorrent: metadata is judged, and the store made ready, before a byte of it is used. */
import parseTorrent from 'parse-torrent'
import type { ChunkStore, Torrent } from 'webtorrent'
import { type TorrentLayout, torrentLayout } from './metadata/torrent-layout.ts'

/**
 * `prepare` gets the checked layout and answers with the store to use and the pieces that are known to be in it
 * (undefined makes webtorrent hash all that is there). Metadata that is refused ends the torrent with its `error` event.
 *
 * webtorrent has no such hook: `_onMetadata` is where both a .torrent and what peers sent come through. It is called
 * again by every peer that delivers, also while the first call still runs; only the first one counts.
 */
export function takeMetadata(
  torrent: Torrent,
  prepare: (layout: TorrentLayout) => { store: ChunkStore; bitfield: Uint8Array | undefined },
): void {
  const proceed = torrent._onMetadata.bind(torrent)
  let isTaken = false
  torrent._onMetadata = async (metadata) => {
    if (isTaken || torrent.destroyed) return
    isTaken = true
    try {
      const parsed = metadata instanceof Uint8Array ? await parseTorrent(metadata) : metadata
      const { store, bitfield } = prepare(torrentLayout(parsed))
      torrent._preloadedStore = store
      torrent._startupBitfield = bitfield
      await proceed(parsed)
    } catch (error) {
      torrent._destroy(error as Error)
    }
  }
}
