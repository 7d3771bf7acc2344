/** qBittorrent without its window, run over its web API. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { freePort } from '../../start/ports.ts'
import { type OtherClient, run, waitFor } from './other-client.ts'

export const qbittorrent: OtherClient = {
  name: 'qBittorrent',
  async start({ torrentFile, folder, home }) {
    const [port, webPort] = [await freePort(), await freePort()]
    const configuration = join(home, 'qBittorrent', 'config')
    mkdirSync(configuration, { recursive: true })
    writeFileSync(join(configuration, 'qBittorrent.conf'), settings(port, webPort))
    const program = run('qbittorrent-nox', [`--profile=${home}`], { QT_QPA_PLATFORM: 'offscreen' })
    const api = `http://127.0.0.1:${webPort}/api/v2`
    await waitFor('qBittorrent', async () => {
      const response = await fetch(`${api}/app/version`).catch(() => undefined)
      return response?.ok ? true : undefined
    })
    const form = new FormData()
    form.set('torrents', new Blob([readFileSync(torrentFile)]), basename(torrentFile))
    form.set('savepath', folder)
    const added = await fetch(`${api}/torrents/add`, { method: 'POST', body: form })
    if (!added.ok) throw new Error(`qBittorrent refused the torrent: ${added.status} ${await added.text()}`)
    return {
      port,
      async isComplete() {
        const torrents = (await (await fetch(`${api}/torrents/info`)).json()) as { state: string; progress: number }[]
        return (
          torrents.length > 0 &&
          torrents.every(
            ({ state, progress }) => progress === 1 && /UP$|uploading/.test(state) && !/checking/.test(state),
          )
        )
      },
      stop: program.stop,
    }
  },
}

const settings = (port: number, webPort: number) => `[LegalNotice]
Accepted=true

[BitTorrent]
Session\\Port=${port}
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\BTProtocol=TCP
Session\\AddTrackersEnabled=false
Session\\MultiConnectionsPerIp=true

[Network]
PortForwardingEnabled=false

[Preferences]
WebUI\\Enabled=true
WebUI\\Address=127.0.0.1
WebUI\\Port=${webPort}
WebUI\\LocalHostAuth=false
WebUI\\UseUPnP=false
`
