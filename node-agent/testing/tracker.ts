/** A real tracker on loopback (bittorrent-tracker), by HTTP or UDP (BEP 15), which remembers who said what. */
import type { AddressInfo } from 'node:net'
import Server from 'bittorrent-tracker/server'

export type Announce = {
  event: 'start' | 'update' | 'stop' | 'complete'
  infoHash: string
  uploaded: number
  downloaded: number
  left: number
}

export type Tracker = {
  url: string
  announces: Announce[]
  /** The events of one torrent, in order. */
  eventsOf(infoHash: string): Announce['event'][]
  stop(): Promise<void>
}

export async function startTracker(host = '127.0.0.1', kind: 'http' | 'udp' = 'http'): Promise<Tracker> {
  const server = new Server({ http: kind === 'http', udp: kind === 'udp', ws: false, stats: false, interval: 60_000 })
  const announces: Announce[] = []
  for (const event of ['start', 'update', 'stop', 'complete'] as const) {
    server.on(event, (_address: string, params: Params) => {
      const [uploaded, downloaded, left] = [params.uploaded, params.downloaded, params.left].map(Number)
      announces.push({
        event,
        infoHash: params.info_hash,
        uploaded: uploaded ?? 0,
        downloaded: downloaded ?? 0,
        left: left ?? 0,
      })
    })
  }
  server.on('warning', () => {})
  // By UDP it listens on both families at once.
  await new Promise<void>((done) => server.listen(0, kind === 'http' ? host : { udp: host, udp6: '::1' }, done))
  const { port } = (kind === 'http' ? server.http : server.udp).address() as AddressInfo
  return {
    url: `${kind}://${host.includes(':') ? `[${host}]` : host}:${port}/announce`,
    announces,
    eventsOf: (infoHash) => announces.filter((one) => one.infoHash === infoHash).map(({ event }) => event),
    stop: () => new Promise((done) => server.close(() => done())),
  }
}

/** As they came in the query. */
type Params = { info_hash: string; uploaded: string; downloaded: string; left: string }
