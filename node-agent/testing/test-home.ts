/** A home for a test: a film in a real swarm, the agent's rooms up to its HTTP server, and an edge that mints tokens. */
import { randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { privateKeyFromSeed, publicKeyOf } from '#protocol/ed25519.ts'
import type { TorrentSource } from '#protocol/source.ts'
import { type StreamClaims, signStreamToken } from '#protocol/stream-token.ts'
import { createAuthorize, createFindKey } from '../http/authorize.ts'
import { createHandler } from '../http/handler.ts'
import { Leases } from '../http/leases.ts'
import { startHttpServer } from '../http/server.ts'
import type { HttpHandle } from '../http-exchange.ts'
import { createLog } from '../log.ts'
import { hlsMakers } from '../media/hls/hls-makers.ts'
import { createCopies } from '../media/hls/open-copies.ts'
import { createMakeResource } from '../media/make-resource.ts'
import { createStreamFiles, type StreamFiles } from '../media/stream-files.ts'
import { type AddedSubtitles, createAddedSubtitles } from '../media/subtitles/added-subtitles.ts'
import { createSubtitleMakers } from '../media/subtitles/make-subtitles.ts'
import type { Probe } from '../state/probe.ts'
import { readTorrentSource } from '../torrents/metadata/read-torrent-source.ts'
import { openTestMaking } from './test-making.ts'
import { startTestTorrents, type TestTorrents } from './test-torrents.ts'

/** A mint like the edge's, with a key of its own. */
export async function startMint(keyId = 'k1') {
  const privateKey = await privateKeyFromSeed(randomBytes(32))
  const publicKey = await publicKeyOf(privateKey)
  return {
    verificationKey: { keyId, publicKey },
    mint: (claims: StreamClaims) => signStreamToken(claims, privateKey),
  }
}
export type Mint = Awaited<ReturnType<typeof startMint>>

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; isWhole: boolean }

export type TestHome = TestTorrents & {
  port: number
  /** What answers at that port, and on every other transport. */
  handle: HttpHandle
  mint: Mint
  leases: Leases
  files: StreamFiles
  subtitles: AddedSubtitles
  /** The edge's clock, as the home knows it; epoch seconds. */
  clock: { now: number }
  /** Whether what is not whole waits for the VPN. */
  vpn: { isDown: boolean }
  /** Claims of a token that is good now, changed as the test wants. */
  claims(changes?: Partial<StreamClaims>): StreamClaims
  token(changes?: Partial<StreamClaims>): Promise<string>
  /** Makes the home know a file of a source, as an `open` does. */
  learn(sourceId: string, source: TorrentSource, path: string, sizeBytes: number, probe?: Probe): Promise<void>
  stop(): Promise<void>
}

/** `write` gets the lines of the log in place of `lines`. */
export async function startTestHome(directory: string, mint?: Mint, write?: (line: string) => void): Promise<TestHome> {
  const used = mint ?? (await startMint())
  const rooms = await startTestTorrents(directory)
  const clock = { now: 1_000_000 }
  const log = createLog(write ?? ((line) => rooms.lines.push(JSON.parse(line))))
  const { sources: known } = rooms.state
  const subtitles = createAddedSubtitles(
    rooms.state.addedSubtitles,
    (file) => !!known.findFile(file.sourceId, file.path),
  )
  const files = createStreamFiles(rooms.torrents, known, subtitles)
  const copies = createCopies()
  const making = await openTestMaking(directory)
  const leases = new Leases(rooms.state.streams, () => clock.now)
  const authorize = createAuthorize({
    agentId: () => 'agent-1',
    findKey: createFindKey(() => [used.verificationKey]),
    files,
    leases,
  })
  const vpn = { isDown: false }
  const handle = createHandler({
    authorize,
    make: createMakeResource(files.film, {
      ...hlsMakers(copies, making.makeRendition),
      ...createSubtitleMakers(subtitles),
      thumbnail: making.makeThumbnail,
    }),
    appOrigin: () => 'https://porchlight.example',
    isVpnDown: () => vpn.isDown,
    health: () => ({ status: 'ok' }),
    log,
  })
  const server = await startHttpServer(handle, { host: '127.0.0.1', port: 0 }, log)
  const claims = (changes: Partial<StreamClaims> = {}): StreamClaims => ({
    keyId: used.verificationKey.keyId,
    streamId: 'stream-1',
    personId: 'person-1',
    sessionId: 'session-1',
    agentId: 'agent-1',
    sourceId: 'source-1',
    path: 'film.mp4',
    scopes: ['media'],
    notBefore: clock.now,
    expiresAt: clock.now + 300,
    counter: 0,
    correlationId: 'correlation-1',
    ...changes,
  })
  return {
    ...rooms,
    vpn,
    port: server.port,
    handle,
    mint: used,
    leases,
    files,
    subtitles,
    clock,
    claims,
    token: (changes) => used.mint(claims(changes)),
    async learn(sourceId, source, path, sizeBytes, probe) {
      const { infoHash, hints, info } = await readTorrentSource(source, () => false)
      rooms.state.sources.save(sourceId, { infoHash, hints })
      rooms.state.sources.saveFile(sourceId, path, sizeBytes, probe)
      // As an open does: what the .torrent says is known from then on.
      if (info) await rooms.open(source)
    },
    async stop() {
      leases.endAll()
      await server.close()
      copies.close()
      await making.close()
      await rooms.stop()
    },
  }
}

/** One request on a connection of its own, byte for byte as given. */
export function ask(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, path, host: '127.0.0.1', agent: false, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.once('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
          isWhole: response.complete,
        }),
      )
      response.on('error', () => {})
    })
    request.once('error', reject)
    request.end()
  })
}
