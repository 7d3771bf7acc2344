/** Our agent's torrent room as it is, with a state and a disk of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import parseTorrent from 'parse-torrent'
import type { Torrent } from 'webtorrent'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { startTestTorrents, type TestTorrents } from '../../node-agent/testing/test-torrents.ts'
import { until } from '../../node-agent/testing/until.ts'
import type { OpenTorrent } from '../../node-agent/torrents/open-torrent.ts'
import { readRange } from '../../node-agent/torrents/read-range.ts'
import type { Place, Subject, SwarmToJoin } from './subject.ts'

type Joined = { open: OpenTorrent; torrent: Torrent; leave: () => Promise<void> }

/** One home for all that is opened; it goes with the benchmark's own folder. */
const homeBeside = (folder: string) => mkdtempSync(join(dirname(folder), 'home-'))

export function porchlightSubject(): Subject {
  let starting: Promise<TestTorrents> | undefined
  let joined: Joined[] = []

  const joinOne = async (file: string, { addresses, folder }: SwarmToJoin): Promise<Joined> => {
    starting ??= startTestTorrents(homeBeside(folder), { idleMilliseconds: 0 })
    const agent = await starting
    const torrentFile = readFileSync(file)
    const { infoHash } = await parseTorrent(torrentFile)
    const magnet = `magnet:?xt=urn:btih:${infoHash}&${addresses.map((address) => `x.pe=${address}`).join('&')}`
    const open = await agent.open({ infoHash, magnet, torrentFile: encodeBase64Url(torrentFile) })
    const torrent = agent.client.torrents.find((one) => one.infoHash === infoHash)
    if (!torrent) throw new Error('not open')
    const release = open.hold()
    const leave = async () => {
      release()
      await until(() => !agent.torrents.isLoaded(infoHash), 'leaving')
      agent.state.torrents.remove(infoHash)
      rmSync(join(agent.downloads, infoHash), { recursive: true, force: true })
    }
    return { open, torrent, leave }
  }
  return {
    async open(swarm) {
      joined = await Promise.all(swarm.torrentFiles.map((file) => joinOne(file, swarm)))
    },
    read({ torrent, offset }: Place) {
      const { open } = joined[torrent] ?? {}
      const file = open?.layout.files[0]
      if (!open || !file) throw new Error('not open')
      const options = { unverified: true, reusesMemory: true }
      return readRange(open, file, { start: offset, end: file.sizeBytes - 1 }, new AbortController().signal, options)
    },
    async fetchAll() {
      const [first] = joined
      if (!first) throw new Error('not open')
      for (const file of first.open.layout.files) {
        const probe = readRange(first.open, file, { start: 0, end: 0 }, new AbortController().signal)
        for await (const _ of probe);
      }
      // From then on it is a film that somebody has begun, and kept for seeding.
      first.open.fetchRest(() => true)
      if (!first.torrent.done) await new Promise((done) => first.torrent.once('done', done))
    },
    received: () => joined.reduce((sum, { torrent }) => sum + torrent.received, 0),
    peers: () => joined[0]?.open.peers ?? 0,
    async close() {
      await Promise.all(joined.map(({ leave }) => leave()))
      joined = []
    },
  }
}
