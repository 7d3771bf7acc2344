/** A torrent of pseudo-random bytes, peers of it that behave as scripted, and the torrent room reading from them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import { onTestFinished } from 'vitest'
import type { Torrent } from 'webtorrent'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { pseudoRandomBytes } from '../../../testing/seeder.ts'
import { startTestTorrents } from '../../../testing/test-torrents.ts'
import type { OpenTorrent } from '../../open-torrent.ts'
import { readRange } from '../../read-range.ts'
import type { BlockRange } from '../block-reader.ts'
import { type Behaviour, type ScriptedPeer, startScriptedPeer } from './scripted-peer.ts'

export type TestTorrent = {
  infoHash: string
  content: Uint8Array
  torrentFile: Uint8Array
  /** Starts a peer that ends with the test. */
  peer(behaviour?: Behaviour): Promise<ScriptedPeer>
}

export async function makeTestTorrent(sizeBytes: number, pieceBytes: number): Promise<TestTorrent> {
  const folder = temporaryFolder()
  const content = pseudoRandomBytes(sizeBytes)
  writeFileSync(join(folder, 'film.bin'), content)
  const torrentFile = await promisify(createTorrent)(join(folder, 'film.bin'), {
    pieceLength: pieceBytes,
    announceList: [],
  })
  const parsed = await parseTorrent(torrentFile)
  const shared = {
    infoHash: parsed.infoHash ?? '',
    pieceCount: Math.ceil(sizeBytes / pieceBytes),
    read: (piece: number, offset: number, length: number) =>
      content.subarray(piece * pieceBytes + offset, piece * pieceBytes + offset + length),
  }
  return {
    infoHash: shared.infoHash,
    content,
    torrentFile,
    async peer(behaviour = {}) {
      const peer = await startScriptedPeer(shared, behaviour)
      onTestFinished(() => peer.close())
      return peer
    },
  }
}

export type Home = {
  torrent: Torrent & { readonly received: number }
  open: OpenTorrent
  /** Where peers may call. */
  port: number
  /** Peers that were banned, in order. */
  banned(): string[]
  read(range?: Partial<BlockRange>, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>
  stop(): Promise<void>
}

/** Our side, the whole torrent room: joined to these peers, with nothing downloaded. */
export async function joinSwarm({ torrentFile }: TestTorrent, peers: ScriptedPeer[]): Promise<Home> {
  const agent = await startTestTorrents(temporaryFolder())
  let isStopped = false
  const stop = async () => {
    if (!isStopped) await agent.stop()
    isStopped = true
  }
  onTestFinished(stop)
  const { infoHash = '' } = await parseTorrent(torrentFile)
  const open = await agent.open({ infoHash, torrentFile: encodeBase64Url(torrentFile) })
  const release = open.hold()
  onTestFinished(release)
  const [torrent] = agent.client.torrents
  const [file] = open.layout.files
  if (!torrent || !file) throw new Error('no torrent')
  for (const { address } of peers) torrent.addPeer(address)
  return {
    torrent: torrent as Home['torrent'],
    open,
    port: agent.client.torrentPort,
    banned: () => agent.lines.filter(({ event }) => event === 'peer_banned').map(({ address }) => String(address)),
    read({ startBytes = 0, endBytes = file.sizeBytes, ...options } = {}, signal = new AbortController().signal) {
      return readRange(open, file, { start: startBytes, end: endBytes - 1 }, signal, { unverified: true, ...options })
    },
    stop,
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-blocks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
