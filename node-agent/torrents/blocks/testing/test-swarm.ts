/** A torrent of pseudo-random bytes, peers of it that behave as scripted, and the engine reading from them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import { onTestFinished } from 'vitest'
import WebTorrent from 'webtorrent'
import { pseudoRandomBytes } from '../../../testing/seeder.ts'
import type { BlockRange } from '../block-reader.ts'
import { BlockEngine } from '../engine.ts'
import type { SwarmTorrent } from '../swarm-surface.ts'
import { type Behaviour, type ScriptedPeer, startScriptedPeer } from './scripted-peer.ts'

export type TestTorrent = {
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
  torrent: SwarmTorrent & { numPeers: number; received: number; addPeer(address: string): boolean; destroy(): void }
  engine: BlockEngine
  /** Peers that were banned, in order. */
  banned: string[]
  read(range?: Partial<BlockRange>, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>
}

/** Our side: joined to these peers, with nothing downloaded. */
export async function joinSwarm({ torrentFile }: TestTorrent, peers: ScriptedPeer[]): Promise<Home> {
  // In the clear, so that a peer's raw bytes mean what the test says.
  const options = {
    secure: 0,
    utp: false,
    dht: false,
    lsd: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    tracker: false,
  } as const
  const client = new WebTorrent(options)
  const banned: string[] = []
  const engine = new BlockEngine({ onBanned: (peer) => banned.push(peer) })
  const added = client.add(torrentFile, { path: temporaryFolder(), deselect: true, storeCacheSlots: 0 })
  onTestFinished(async () => {
    engine.close()
    await new Promise<void>((done) => client.destroy(() => done()))
  })
  await new Promise<void>((ready) => added.once('ready', () => ready()))
  const torrent = added as unknown as Home['torrent']
  engine.attach(torrent)
  for (const { address } of peers) torrent.addPeer(address)
  return {
    torrent,
    engine,
    banned,
    read: (range = {}, signal = new AbortController().signal) =>
      engine.read(torrent, { startBytes: 0, endBytes: torrent.length, unverified: true, ...range }, signal),
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-blocks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
