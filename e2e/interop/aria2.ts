/** aria2, a downloader that speaks BitTorrent beside HTTP. */
import { freePort } from '../../start/ports.ts'
import { type OtherClient, run } from './other-client.ts'

export const aria2: OtherClient = {
  name: 'aria2',
  async start({ torrentFile, folder }) {
    const port = await freePort()
    const process = run('aria2c', [
      '--no-conf',
      '--enable-dht=false',
      '--enable-dht6=false',
      '--bt-enable-lpd=false',
      '--enable-peer-exchange=false',
      '--disable-ipv6=true',
      '--file-allocation=none',
      '--summary-interval=1',
      '--check-integrity=true',
      '--bt-hash-check-seed=true',
      '--seed-ratio=0.0',
      `--listen-port=${port}`,
      `--dir=${folder}`,
      torrentFile,
    ])
    return {
      port,
      // "SEED" stands in its summary, "(100%)" in that of a download that has just ended.
      isComplete: async () => /\[#\w+ SEED|Seeding is over|Download complete/.test(process.output()),
      stop: process.stop,
    }
  },
}
