/** The agent's guard and swarm in a namespace of their own, fetching one film and saying every 50 ms how far they are. */
import { join } from 'node:path'
import { readConfig } from '../../node-agent/config.ts'
import { createLog } from '../../node-agent/log.ts'
import { openState } from '../../node-agent/state/state.ts'
import { readTorrentSource } from '../../node-agent/torrents/metadata/read-torrent-source.ts'
import { readRange } from '../../node-agent/torrents/read-range.ts'
import { DiskQuota } from '../../node-agent/torrents/store/disk-quota.ts'
import { startSwarmClient } from '../../node-agent/torrents/swarm-client.ts'
import { Torrents } from '../../node-agent/torrents/torrents.ts'
import { startVpn } from '../../node-agent/vpn/start-vpn.ts'

/** `stateDir world`: the latter as the world's process printed it. The rest as the agent is configured. */
const [stateDir = '', worldJson = '{}'] = process.argv.slice(2)
const world = JSON.parse(worldJson) as { torrent: string; infoHash: string; peer: string; dht: string[] }
const { config } = readConfig({
  ...process.env,
  PORCHLIGHT_EDGE_URL: 'http://127.0.0.1:9',
  PORCHLIGHT_STATE_DIR: stateDir,
  PORCHLIGHT_DHT_BOOTSTRAP: world.dht.join(','),
})
const log = createLog((line) => void process.stderr.write(process.env.VPN_TEST_LOG ? `${line}\n` : ''))
const state = openState(stateDir)
const vpn = startVpn(config, state.vpn, log, () => {})
const client = await startSwarmClient({ ...config, door: vpn.door }, log)
const folder = join(stateDir, 'downloads')
const quota = new DiskQuota({ folder, state: state.torrents, log, floorBytes: 0 })
const torrents = new Torrents({ client, state: state.torrents, log, folder, quota })
const magnet = `magnet:?xt=urn:btih:${world.infoHash}&x.pe=${world.peer}`
const source = await readTorrentSource({ infoHash: world.infoHash, magnet, torrentFile: world.torrent }, () => true)
const torrent = await torrents.open(source, { signal: AbortSignal.timeout(100_000), correlationId: 'vpn-e2e' })
const [film] = torrent.layout.files
if (!film) throw new Error('there is no film')

let readBytes = 0
let headReads = 0
setInterval(async () => {
  // What is on disk is read all the while, as a player that goes back does.
  if (torrent.bytesOnDisk(film, 0, 999) === 1000 && (await torrent.read(film, 0, 1000)).length === 1000) headReads++
  const { reason } = vpn.status()
  const facts = { at: Date.now(), isOpen: vpn.door?.isOpen ?? true, reason, peers: torrent.peers, readBytes, headReads }
  process.stdout.write(`${JSON.stringify({ ...facts, isWhole: readBytes === film.sizeBytes })}\n`)
}, 50)
const whole = { start: 0, end: film.sizeBytes - 1 }
for await (const bytes of readRange(torrent, film, whole, AbortSignal.timeout(110_000))) readBytes += bytes.length
