/** A process for tests to kill or to fill the disk under: opens a torrent and reads its first file, telling how far it is. */
import { readTorrentSource } from '../torrents/metadata/read-torrent-source.ts'
import { readRange } from '../torrents/reading/read-range.ts'
import { startTestTorrents } from './test-torrents.ts'

const [directory = '', magnet = '', infoHash = ''] = process.argv.slice(2)
const { torrents } = await startTestTorrents(directory)
const source = await readTorrentSource({ infoHash, magnet }, () => false)
const torrent = await torrents.open(source, { signal: AbortSignal.timeout(20_000), correlationId: 'reader-process' })
const [file] = torrent.layout.files
if (!file) throw new Error('no file')
let bytes = 0
for await (const part of readRange(
  torrent,
  file,
  { start: 0, end: file.sizeBytes - 1 },
  new AbortController().signal,
)) {
  bytes += part.length
  console.log(bytes)
}
