/** Our block engine on webtorrent's swarm. */
import { readFileSync } from 'node:fs'
import { BlockEngine } from '../../node-agent/torrents/blocks/engine.ts'
import type { SwarmTorrent } from '../../node-agent/torrents/blocks/swarm-surface.ts'
import { type Subject, timeFirstMib } from './subject.ts'
import { quietClient } from './webtorrent-subject.ts'

export function porchlightSubject(): Subject {
  let client = quietClient()
  let engine = new BlockEngine()
  let torrent: (SwarmTorrent & { received: number; numPeers: number }) | undefined
  const read = (startBytes: number, signal: AbortSignal) => {
    if (torrent === undefined) throw new Error('not open')
    return engine.read(torrent, { startBytes, endBytes: torrent.length, unverified: true }, signal)
  }
  return {
    open(swarm) {
      const added = client.add(readFileSync(swarm.torrentFile), {
        path: swarm.folder,
        deselect: true,
        storeCacheSlots: 0,
      })
      added.on('infoHash', () => {
        for (const address of swarm.addresses) added.addPeer(address)
      })
      return new Promise((done) =>
        added.on('ready', () => {
          torrent = added as unknown as typeof torrent
          if (torrent) engine.attach(torrent)
          done()
        }),
      )
    },
    async seek(offset) {
      const leaving = new AbortController()
      const times = await timeFirstMib(read(offset, leaving.signal))
      leaving.abort()
      return times
    },
    async readAll() {
      for await (const _ of read(0, new AbortController().signal));
    },
    received: () => torrent?.received ?? 0,
    peers: () => torrent?.numPeers ?? 0,
    async close() {
      engine.close()
      await new Promise<void>((done) => client.destroy(() => done()))
      client = quietClient()
      engine = new BlockEngine()
      torrent = undefined
    },
  }
}
