/** Our block engine on webtorrent's swarm. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Torrent } from 'webtorrent'
import { BlockEngine } from '../../node-agent/torrents/blocks/engine.ts'
import type { SwarmTorrent } from '../../node-agent/torrents/blocks/swarm-surface.ts'
import type { Place, Subject } from './subject.ts'
import { destroyTorrent, quietClient } from './webtorrent-subject.ts'

export function porchlightSubject(): Subject {
  const client = quietClient()
  const engine = new BlockEngine()
  let torrents: (SwarmTorrent & Torrent)[] = []
  async function* read({ torrent, offset }: Place): AsyncGenerator<Uint8Array> {
    const joined = torrents[torrent]
    if (joined === undefined) throw new Error('not open')
    const range = { startBytes: offset, endBytes: joined.length, unverified: true }
    yield* engine.read(joined, range, new AbortController().signal)
  }
  return {
    async open(swarm) {
      torrents = await Promise.all(
        swarm.torrentFiles.map(async (file, index) => {
          const path = join(swarm.folder, String(index))
          const added = client.add(readFileSync(file), { path, deselect: true, storeCacheSlots: 0 })
          added.on('infoHash', () => {
            for (const address of swarm.addresses) added.addPeer(address)
          })
          await new Promise((done) => added.on('ready', done))
          const torrent = added as Torrent & SwarmTorrent
          engine.attach(torrent)
          return torrent
        }),
      )
    },
    read,
    async fetchAll() {
      const [torrent] = torrents
      for await (const _ of read({ torrent: 0, offset: 0 }));
      if (torrent && !torrent.done) await new Promise((done) => torrent.once('done', done))
    },
    received: () => torrents.reduce((sum, torrent) => sum + torrent.received, 0),
    peers: () => torrents[0]?.numPeers ?? 0,
    async close() {
      await Promise.all(torrents.map(destroyTorrent))
      torrents = []
    },
  }
}
