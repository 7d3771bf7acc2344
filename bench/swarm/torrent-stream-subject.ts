/** torrent-stream, the engine of peerflix. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import torrentStream from 'torrent-stream'
import type { Subject } from './subject.ts'

export function torrentStreamSubject(): Subject {
  let engines: ReturnType<typeof torrentStream>[] = []
  const read: Subject['read'] = ({ torrent, offset }) => {
    const file = engines[torrent]?.files[0]
    if (file === undefined) throw new Error('not open')
    return file.createReadStream({ start: offset })
  }
  return {
    async open(swarm) {
      engines = swarm.torrentFiles.map((file, index) => {
        const path = join(swarm.folder, String(index))
        const engine = torrentStream(readFileSync(file), { path, dht: false, tracker: false, verify: true })
        for (const address of swarm.addresses) engine.connect(address)
        return engine
      })
      await Promise.all(engines.map((engine) => new Promise((done) => engine.on('ready', done))))
    },
    read,
    async fetchAll() {
      for await (const _ of read({ torrent: 0, offset: 0 }));
    },
    received: () => engines.reduce((sum, engine) => sum + engine.swarm.downloaded, 0),
    peers: () => engines[0]?.swarm.wires.length ?? 0,
    async close() {
      await Promise.all(engines.map((engine) => new Promise<void>((done) => engine.destroy(done))))
      engines = []
    },
  }
}
