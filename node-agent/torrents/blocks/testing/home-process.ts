/** A torrent room in a process of its own, so that its memory can be told from its peers': argv as in `joinHome`. */
import { createInterface } from 'node:readline'
import { startTestTorrents } from '../../../testing/test-torrents.ts'
import { readTorrentSource } from '../../metadata/read-torrent-source.ts'
import { readRange } from '../../read-range.ts'

const [directory = '', infoHash = '', magnet = '', torrentFile = ''] = process.argv.slice(2)
const { torrents, client } = await startTestTorrents(directory)
const source = await readTorrentSource({ infoHash, magnet, torrentFile }, () => false)
const open = await torrents.open(source, { signal: AbortSignal.timeout(20_000), correlationId: 'home-process' })
const [file] = open.layout.files
if (!file) throw new Error('no file')
const say = (what: object) => console.log(JSON.stringify(what))
say({ port: client.torrentPort })

let readBytes = 0
const read = async () => {
  const range = { start: 0, end: file.sizeBytes - 1 }
  for await (const chunk of readRange(open, file, range, new AbortController().signal)) readBytes += chunk.length
}
void read()
// Each line asks for the figures: bytes read so far, and the most memory that there ever was.
for await (const _ of createInterface(process.stdin)) {
  say({ readBytes, mostBytes: process.resourceUsage().maxRSS * 1024, peers: client.torrents[0]?.numPeers ?? 0 })
}
process.exit(0)
