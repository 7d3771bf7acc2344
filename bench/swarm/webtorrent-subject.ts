/** webtorrent as it comes: its own piece selection, its own file reader. */
import { readFileSync } from 'node:fs'
import WebTorrent, { type Torrent } from 'webtorrent'
import { type Subject, timeFirstMib } from './subject.ts'

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

export function webtorrentSubject(): Subject {
  let client = quietClient()
  let torrent: Torrent | undefined
  const file = () => {
    const [first] = torrent?.files ?? []
    if (first === undefined) throw new Error('not open')
    return first
  }
  return {
    open(swarm) {
      const added = client.add(readFileSync(swarm.torrentFile), { path: swarm.folder, deselect: true })
      added.on('infoHash', () => {
        for (const address of swarm.addresses) added.addPeer(address)
      })
      torrent = added
      return new Promise((done) => added.on('ready', () => done()))
    },
    // Leaving the loop destroys the stream, which takes its selection away.
    seek: (offset) => timeFirstMib(file().createReadStream({ start: offset })),
    async readAll() {
      for await (const _ of file().createReadStream());
    },
    received: () => torrent?.received ?? 0,
    peers: () => torrent?.numPeers ?? 0,
    async close() {
      await new Promise<void>((done) => client.destroy(() => done()))
      client = quietClient()
      torrent = undefined
    },
  }
}
