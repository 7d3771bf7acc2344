/** Our agent's rooms up to its HTTP server, with the film complete on disk. argv: the file, a folder, how many viewers. */
import { mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { startSeeder } from '../../node-agent/testing/seeder.ts'
import { startTestHome } from '../../node-agent/testing/test-home.ts'
import { readRange } from '../../node-agent/torrents/read-range.ts'

const [path = '', folder = '', viewers = '1'] = process.argv.slice(2)
const bytes = readFileSync(path)
mkdirSync(folder, { recursive: true })
const seeder = await startSeeder({ files: { 'film.mp4': bytes }, pieceBytes: 1024 * 1024 })
// As an agent that runs does: each line is written at once, and nobody here reads them.
const log = openSync(join(folder, 'log'), 'a')
const home = await startTestHome(folder, undefined, (line) => void writeSync(log, `${line}\n`))
await home.learn('source-1', seeder.source, 'film.mp4', bytes.length)
const torrent = await home.open(seeder.source)
const [file] = torrent.layout.files
if (!file) throw new Error('no film')
for await (const _ of readRange(torrent, file, { start: 0, end: bytes.length - 1 }, new AbortController().signal)) {
  // It is on disk from then on.
}
await seeder.stop()
// A stream each, as real viewers have.
const addresses = await Promise.all(
  Array.from({ length: Number(viewers) }, async (_, viewer) => {
    const token = await home.token({ streamId: `stream-${viewer}`, expiresAt: home.clock.now + 280 })
    return `http://127.0.0.1:${home.port}/api/stream/${token}`
  }),
)
process.send?.(addresses)
