/** webtorrent as it comes: its own piece selection, its own file reader. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import WebTorrent, { type Torrent } from 'webtorrent'
import type { Subject } from './subject.ts'

/** Knows only the peers it is told of. */
export const quietClient = () =>
  new WebTorrent({
    dht: false,
    lsd: false,
    utp: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    tracker: false,
  })

/** Its files too. */
export const destroyTorrent = (torrent: Torrent) =>
  new Promise<void>((done) => torrent.destroy({ destroyStore: true }, done))

export function webtorrentSubject(): Subject {
  const client = quietClient()
  let torrents: Torrent[] = []
  return {
    async open(swarm) {
      torrents = swarm.torrentFiles.map((file, index) => {
        const torrent = client.add(readFileSync(file), { path: join(swarm.folder, String(index)), deselect: true })
        torrent.on('infoHash', () => {
          for (const address of swarm.addresses) torrent.addPeer(address)
        })
        return torrent
      })
      await Promise.all(torrents.map((torrent) => new Promise((done) => torrent.on('ready', done))))
    },
    // Leaving the loop destroys the stream, which takes its selection away.
    read({ torrent, offset }) {
      const file = torrents[torrent]?.files[0]
      if (file === undefined) throw new Error('not open')
      return file.createReadStream({ start: offset })
    },
    async fetchAll() {
      const [torrent] = torrents
      if (torrent === undefined) throw new Error('not open')
      const done = new Promise((resolve) => torrent.once('done', resolve))
      torrent.select(0, torrent.pieces.length - 1)
      await done
    },
    received: () => torrents.reduce((sum, torrent) => sum + torrent.received, 0),
    peers: () => torrents[0]?.numPeers ?? 0,
    async close() {
      await Promise.all(torrents.map(destroyTorrent))
      torrents = []
    },
  }
}
