/** One of the demo's seeders, a process of its own: `seeder-process.ts <bytes per second> (<.torrent> <folder>)…` */
import WebTorrent from 'webtorrent'
import { endWithParent } from './end-with-parent.ts'

const [bytesPerSecond, ...pairs] = process.argv.slice(2)
const client = new WebTorrent({
  dht: false,
  lsd: false,
  utPex: false,
  utp: false,
  webSeeds: false,
  natUpnp: false,
  natPmp: false,
  uploadLimit: Number(bytesPerSecond),
})
client.on('error', (error: Error) => {
  console.error(error.message)
  process.exit(1)
})
for (let at = 0; at + 1 < pairs.length; at += 2) {
  const [torrentFile, folder] = [pairs[at] ?? '', pairs[at + 1] ?? '']
  client.add(torrentFile, { path: folder }).once('done', () => console.log(`seeding ${torrentFile}`))
}
endWithParent()
