/** Which torrents only their metadata is being fetched of: each once, and given up at once for whoever opens it. */
import type WebTorrent from 'webtorrent'
import { AppError } from '#protocol/errors.ts'
import type { KnownSource } from '../../state/source-state.ts'
import { fetchMetadata } from './fetch-metadata.ts'

export type InfoReader = {
  /** Rejects with the signal's reason, with `busy`, or with what is wrong with the torrent. */
  read: (source: KnownSource, signal: AbortSignal) => Promise<Uint8Array>
  /** Resolves when it has left the swarm. */
  stop: (infoHash: string) => Promise<void>
  stopAll: () => Promise<void>
}

export function createInfoReader(client: WebTorrent): InfoReader {
  const reading = new Map<string, { stop: () => void; ended: Promise<unknown> }>()
  const stop = async (infoHash: string) => {
    const one = reading.get(infoHash)
    one?.stop()
    await one?.ended.catch(() => {})
  }
  return {
    stop,
    stopAll: async () => void (await Promise.all([...reading.keys()].map(stop))),
    async read({ infoHash, hints }, signal) {
      if (reading.has(infoHash)) throw new AppError('busy', 'The metadata of this torrent is being fetched already.')
      const stopping = new AbortController()
      const ended = fetchMetadata(client, { infoHash, hints }, AbortSignal.any([signal, stopping.signal]))
      const opened = () => new AppError('busy', 'This torrent was opened meanwhile.')
      reading.set(infoHash, { stop: () => stopping.abort(opened()), ended })
      try {
        return await ended
      } finally {
        reading.delete(infoHash)
      }
    },
  }
}
