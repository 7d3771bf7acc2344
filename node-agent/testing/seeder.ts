/** A real seeder on loopback: webtorrent with files of pseudo-random bytes, throttled when a test says so. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import WebTorrent, { type Torrent, type Wire } from 'webtorrent'
import { encodeBase64Url } from '#protocol/base64url.ts'
import type { TorrentSource } from '#protocol/source.ts'

export type Seeder = {
  infoHash: string
  /** As the edge would send it: .torrent and a magnet with the seeder's address. */
  source: TorrentSource
  /** Only the magnet: metadata comes from the peer. */
  magnet: TorrentSource
  content: ReadonlyMap<string, Uint8Array>
  /** Where it listens for peers. */
  port: number
  /** The whole .torrent, for clients of another kind. */
  torrentFile: Uint8Array
  torrent: Torrent
  /** Bytes of pieces sent to peers so far. */
  uploadedBytes(): number
  /** From now on every byte it sends is wrong. */
  corrupt(): void
  /** CANCEL messages received so far. */
  cancels(): number
  stop(): Promise<void>
}

/** The same bytes for the same seed: xorshift, so that no two blocks look alike. */
export function pseudoRandomBytes(sizeBytes: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4))
  let state = (seed * 2654435761) >>> 0 || 1
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    words[index] = state
  }
  return new Uint8Array(words.buffer, 0, sizeBytes)
}

/** Seeds `files` (path → bytes). A single path without a folder makes a single-file torrent. */
export async function startSeeder(options: {
  files: Record<string, Uint8Array>
  pieceBytes?: number
  uploadLimit?: number
  /** What the torrent calls itself, when that is not the first path's top. */
  name?: string
  /** Written into the .torrent; the seeder announces itself there too. */
  trackers?: string[]
  /** BEP 27. */
  isPrivate?: boolean
  /** `off` speaks only plain, `only` nothing but encrypted (MSE). */
  encryption?: 'off' | 'only'
}): Promise<Seeder> {
  const directory = mkdtempSync(join(tmpdir(), 'porchlight-seeder-'))
  for (const [path, bytes] of Object.entries(options.files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), bytes)
  }
  const top = Object.keys(options.files)[0]?.split('/')[0] ?? ''
  const torrentFile = await promisify(createTorrent)(join(directory, top), {
    name: options.name ?? top,
    pieceLength: options.pieceBytes ?? 64 * 1024,
    announceList: (options.trackers ?? []).map((url) => [url]),
    ...(options.isPrivate ? { private: true } : {}),
  })
  // webtorrent resolves what climbs: a hostile name ends at the same place as its last part.
  if (options.name) copyFileSync(join(directory, top), join(directory, basename(options.name)))
  const infoHash = (await parseTorrent(torrentFile)).infoHash ?? ''
  const client = new WebTorrent({
    utp: false,
    dht: false,
    lsd: false,
    utPex: false,
    natUpnp: false,
    natPmp: false,
    tracker: options.trackers !== undefined && { wrtc: false },
    ...(options.encryption === undefined ? {} : { secure: options.encryption === 'only' ? 2 : 0 }),
    ...(options.uploadLimit === undefined ? {} : { uploadLimit: options.uploadLimit }),
  })
  const torrent = client.add(torrentFile, { path: directory, storeCacheSlots: 0 })
  let uploaded = 0
  let cancels = 0
  torrent.on('wire', (wire: Wire) => {
    wire.on('upload', (bytes: number) => {
      uploaded += bytes
    })
    wire.on('cancel', () => cancels++)
  })
  await new Promise<void>((resolve, reject) => {
    torrent.once('done', resolve)
    torrent.once('error', reject)
  })
  const magnet = `magnet:?xt=urn:btih:${infoHash}&x.pe=127.0.0.1:${client.torrentPort}`
  return {
    infoHash,
    source: { infoHash, magnet, torrentFile: encodeBase64Url(torrentFile) },
    magnet: { infoHash, magnet },
    content: new Map(Object.entries(options.files)),
    port: client.torrentPort,
    torrentFile,
    torrent,
    uploadedBytes: () => uploaded,
    corrupt() {
      for (const [path, bytes] of Object.entries(options.files)) {
        writeFileSync(join(directory, path), Buffer.alloc(bytes.length, 0x55))
      }
    },
    cancels: () => cancels,
    async stop() {
      await new Promise<void>((done) => client.destroy(() => done()))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
