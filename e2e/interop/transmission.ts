/** Transmission, whose daemon is run over its RPC. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../start/ports.ts'
import { type OtherClient, run, waitFor } from './other-client.ts'

export const transmission: OtherClient = {
  name: 'Transmission',
  async start({ torrentFile, folder, home }) {
    const [port, rpcPort] = [await freePort(), await freePort()]
    mkdirSync(home, { recursive: true })
    const settings = {
      'peer-port': port,
      'rpc-port': rpcPort,
      'rpc-bind-address': '127.0.0.1',
      'rpc-authentication-required': false,
      'rpc-whitelist-enabled': false,
      'rpc-host-whitelist-enabled': false,
      'dht-enabled': false,
      'lpd-enabled': false,
      'pex-enabled': false,
      'utp-enabled': false,
      'port-forwarding-enabled': false,
      'download-dir': folder,
    }
    writeFileSync(join(home, 'settings.json'), JSON.stringify(settings))
    const daemon = run('transmission-daemon', ['--foreground', '--config-dir', home])
    const ask = rpc(`http://127.0.0.1:${rpcPort}/transmission/rpc`)
    await waitFor('Transmission', () => ask('session-get').catch(() => undefined))
    await ask('torrent-add', { metainfo: readFileSync(torrentFile).toString('base64'), 'download-dir': folder })
    return {
      port,
      async isComplete() {
        const { torrents } = (await ask('torrent-get', { fields: ['leftUntilDone', 'status'] })) as Torrents
        // 1 and 2: it still checks what is there.
        return torrents.every(({ leftUntilDone, status }) => leftUntilDone === 0 && status > 2)
      },
      stop: daemon.stop,
    }
  },
}

type Torrents = { torrents: { leftUntilDone: number; status: number }[] }

/** The first answer names a session, which every question must carry then. */
function rpc(url: string) {
  let session = ''
  return async function ask(method: string, args: object = {}): Promise<unknown> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-Transmission-Session-Id': session },
      body: JSON.stringify({ method, arguments: args }),
    })
    if (response.status === 409) {
      session = response.headers.get('X-Transmission-Session-Id') ?? ''
      return ask(method, args)
    }
    return ((await response.json()) as { arguments: unknown }).arguments
  }
}
