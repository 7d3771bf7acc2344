/** libtorrent-rasterbar, by Debian's Python binding: the engine of qBittorrent, Deluge and many more. */
import { join } from 'node:path'
import { type OtherClient, run, waitFor } from './other-client.ts'

/** `off` neither offers nor takes an encrypted connection, `only` nothing else. */
export const libtorrent = (encryption: 'default' | 'off' | 'only'): OtherClient => ({
  name: encryption === 'default' ? 'libtorrent' : `libtorrent, encryption ${encryption}`,
  async start({ torrentFile, folder }) {
    const script = join(import.meta.dirname, 'libtorrent-peer.py')
    const session = run('/usr/bin/python3', [script, torrentFile, folder, encryption])
    const port = await waitFor('the port of libtorrent', () => {
      const found = /"port": (\d+)/.exec(session.output())?.[1]
      return found === undefined ? undefined : Number(found)
    })
    return { port, isComplete: async () => session.output().includes('"complete"'), stop: session.stop }
  },
})
