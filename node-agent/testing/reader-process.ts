/** A process for tests to kill: reads the first file of a torrent, and says how many of its bytes the state promises. */
import { readTorrentSource } from '../torrents/metadata/read-torrent-source.ts'
import { readRange } from '../torrents/read-range.ts'
import { startTestTorrents } from './test-torrents.ts'

const [directory = '', magnet = '', infoHash = ''] = process.argv.slice(2)
const { torrents, state } = await startTestTorrents(directory)
const source = await readTorrentSource({ infoHash, magnet }, () => false)
const torrent = await torrents.open(source, { signal: AbortSignal.timeout(20_000), correlationId: 'reader-process' })
const [file] = torrent.layout.files
if (!file) throw new Error('no file')
const promisedPieces = () =>
  [...(state.torrents.find(infoHash)?.bitfield ?? [])].reduce((sum, byte) => sum + bitsOf(byte), 0)
const bitsOf = (byte: number) => byte.toString(2).replaceAll('0', '').length

for await (const _ of readRange(torrent, file, { start: 0, end: file.sizeBytes - 1 }, new AbortController().signal)) {
  console.log(promisedPieces() * torrent.layout.pieceBytes)
}
