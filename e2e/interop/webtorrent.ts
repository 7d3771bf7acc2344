/** webtorrent itself, as it comes: what our swarm is built on must still be understood by its own kind. */
/// <reference path="../../node-agent/torrents/torrent-packages.d.ts" />
import WebTorrent from 'webtorrent'
import type { OtherClient } from './other-client.ts'

export const webtorrent: OtherClient = {
  name: 'webtorrent',
  async start({ torrentFile, folder }) {
    const client = new WebTorrent({
      utp: false,
      dht: false,
      lsd: false,
      utPex: false,
      natUpnp: false,
      natPmp: false,
      tracker: { wrtc: false },
    })
    const torrent = client.add(torrentFile, { path: folder })
    await new Promise<void>((ready) => torrent.once('ready', ready))
    return {
      port: client.torrentPort,
      isComplete: async () => torrent.done,
      stop: () => new Promise<void>((done) => (client.destroyed ? done() : client.destroy(() => done()))),
    }
  },
}
