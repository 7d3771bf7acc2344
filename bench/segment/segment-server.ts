/** Our agent's rooms up to its HTTP server, with the film complete on disk and looked into. argv: the film, a folder. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { segmentGrid } from '../../node-agent/media/hls/segment-grid.ts'
import { probe } from '../../node-agent/media/inside/probe.ts'
import { startSeeder } from '../../node-agent/testing/seeder.ts'
import { startTestHome } from '../../node-agent/testing/test-home.ts'
import { readRange } from '../../node-agent/torrents/read-range.ts'

export type Ready = { url: string; durationSeconds: number; segments: number; trackIds: { v: number; a: number } }

const [path = '', folder = ''] = process.argv.slice(2)
const name = basename(path)
const bytes = readFileSync(path)
const signal = new AbortController().signal
const read = async (start: number, end: number) => bytes.subarray(start, end)
const inside = await probe({ sizeBytes: bytes.length, read, isWhole: true }, signal)
const [video, audio] = [inside?.tracks.video[0], inside?.tracks.audio[0]]
if (!inside?.durationSeconds || !video || !audio) throw new Error('that is no film to copy')
const seeder = await startSeeder({ files: { [name]: bytes }, pieceBytes: 1024 * 1024 })
const home = await startTestHome(folder)
await home.learn('source-1', seeder.source, name, bytes.length, inside)
const torrent = await home.open(seeder.source)
const [file] = torrent.layout.files
if (!file) throw new Error('no film')
for await (const _ of readRange(torrent, file, { start: 0, end: bytes.length - 1 }, signal)) {
  // It is on disk from then on.
}
await seeder.stop()
const token = await home.token({ path: name, expiresAt: home.clock.now + 280 })
process.send?.({
  url: `http://127.0.0.1:${home.port}/api/stream/${token}/hls`,
  durationSeconds: inside.durationSeconds,
  segments: segmentGrid(inside).length,
  trackIds: { v: video.id, a: audio.id },
} satisfies Ready)
// Asked in between: processor time so far, in seconds.
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.((user + system) / 1e6)
})
