/** torrent-stream, the engine of peerflix. */
import { readFileSync } from 'node:fs'
import torrentStream from 'torrent-stream'
import { type Subject, timeFirstMib } from './subject.ts'

export function torrentStreamSubject(): Subject {
  let engine: ReturnType<typeof torrentStream> | undefined
  const file = () => {
    const [first] = engine?.files ?? []
    if (first === undefined) throw new Error('not open')
    return first
  }
  return {
    open(swarm) {
      const started = torrentStream(readFileSync(swarm.torrentFile), {
        path: swarm.folder,
        dht: false,
        tracker: false,
        verify: true,
      })
      engine = started
      for (const address of swarm.addresses) started.connect(address)
      return new Promise((done) => started.on('ready', done))
    },
    seek: (offset) => timeFirstMib(file().createReadStream({ start: offset })),
    async readAll() {
      for await (const _ of file().createReadStream());
    },
    received: () => engine?.swarm.downloaded ?? 0,
    peers: () => engine?.swarm.wires.length ?? 0,
    async close() {
      await new Promise<void>((done) => (engine ? engine.destroy(done) : done()))
      engine = undefined
    },
  }
}
