/** The world of the VPN's tests, in a namespace of its own: a seeder, trackers of both kinds, a small DHT, NordVPN. */
import { startDhtNetwork } from '../../node-agent/testing/dht-network.ts'
import { pseudoRandomBytes, startSeeder } from '../../node-agent/testing/seeder.ts'
import { startTracker } from '../../node-agent/testing/tracker.ts'
import { startVpnService } from '../../node-agent/testing/vpn-services.ts'
import { insightsBySource } from '../upstreams/nordvpn.ts'

/** `host tunnelAddress filmBytes bytesPerSecond`. Prints one line: what the home must know. */
const [host = '', tunnelAddress = '', filmBytes = '', bytesPerSecond = ''] = process.argv.slice(2)
const trackers = [await startTracker(host, 'http'), await startTracker(host, 'udp')]
const dht = await startDhtNetwork(3, host)
const nordvpn = await startVpnService(insightsBySource(tunnelAddress), host)
const seeder = await startSeeder({
  files: { 'film.mkv': pseudoRandomBytes(Number(filmBytes)) },
  uploadLimit: Number(bytesPerSecond),
  trackers: trackers.map(({ url }) => url),
})
const world = {
  torrent: Buffer.from(seeder.torrentFile).toString('base64url'),
  infoHash: seeder.infoHash,
  peer: `${host}:${seeder.port}`,
  dht: dht.addresses,
  nordvpn: nordvpn.url,
}
process.stdout.write(`${JSON.stringify(world)}\n`)
setInterval(() => {
  const announces = trackers.map(({ announces: all }) => all.length)
  process.stdout.write(`${JSON.stringify({ peers: seeder.torrent.numPeers, announces })}\n`)
}, 100)
