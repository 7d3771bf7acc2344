/** Peer exchange (BEP 11) between real peers: who is told of by one is called, over IPv4 and over IPv6. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import Wire from 'bittorrent-protocol'
import { expect, it, onTestFinished } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { pseudoRandomBytes, startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { startTestTorrents } from '../../testing/test-torrents.ts'
import { until } from '../../testing/until.ts'
import { readRange } from '../read-range.ts'

const swarm = { discovery: true, dhtBootstrap: [], lsd: false }
const film = Buffer.from(pseudoRandomBytes(256 * 1024))

/** A peer that has nothing of the film, and tells whoever it meets of one that has. */
function tellOf(added: Record<string, Uint8Array>, infoHash: string, port: number): void {
  const socket = connect({ host: '127.0.0.1', port })
  const wire = new Wire('tcpOutgoing')
  onTestFinished(() => void socket.destroy())
  for (const stream of [socket, wire]) stream.on('error', () => socket.destroy())
  socket.pipe(wire).pipe(socket)
  wire.on('extended', (what: string) => what === 'handshake' && wire.extended('ut_pex', added))
  wire.handshake(infoHash, randomBytes(20).toString('hex'), { fast: true, dht: false })
}

it.each([
  ['IPv4', '127.0.0.1', 'added', [127, 0, 0, 1]],
  ['IPv6', '::1', 'added6', [...Array(15).fill(0), 1]],
] as const)('brings a film from a peer over %s that another told us of', async (_what, host, key, address) => {
  const seeder = await startSeeder({ files: { 'film.mp4': film } })
  const agent = await startTestTorrents(temporaryDirectory(), {}, { swarm })
  onTestFinished(async () => {
    await agent.stop()
    await seeder.stop()
  })
  const opening = agent.open({ infoHash: seeder.infoHash })
  await until(() => agent.client.torrents.length > 0, 'the torrent')
  const compact = Buffer.from([...address, seeder.port >> 8, seeder.port & 255])
  tellOf({ [key]: compact, [`${key}.f`]: Buffer.from([0]) }, seeder.infoHash, agent.client.torrentPort)
  const torrent = await opening
  const [file] = torrent.layout.files
  if (!file) throw new Error('no film')
  const range = { start: 0, end: film.length - 1 }
  expect((await collect(readRange(torrent, file, range, new AbortController().signal))).equals(film)).toBe(true)
  const addresses = agent.client.torrents[0]?.wires.map((wire) => wire.remoteAddress)
  expect(addresses?.some((remote) => remote === host || remote === `::ffff:${host}`)).toBe(true)
})
