/** Loads one torrent into the swarm client, with what is on disk of it, and unloads it without losing a piece. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type WebTorrent from 'webtorrent'
import type { Torrent, Wire } from 'webtorrent'
import { AppError } from '#protocol/errors.ts'
import { type Log, torrentLabel } from '../log.ts'
import type { SwarmHints } from '../state/source-state.ts'
import type { TorrentState } from '../state/torrent-state.ts'
import type { BlockEngine } from './blocks/engine.ts'
import type { SwarmTorrent } from './blocks/swarm-surface.ts'
import { knownMetadata } from './metadata/known-metadata.ts'
import { obeyQuota } from './obey-quota.ts'
import { OpenTorrent } from './open-torrent.ts'
import { countBits } from './seeding-to-resume.ts'
import type { DiskQuota } from './store/disk-quota.ts'
import { type BitfieldKeeper, keepBitfield } from './store/keep-bitfield.ts'
import { PieceStore } from './store/piece-store.ts'
import { announceStop, becomePrivate } from './swarm/discovery-rules.ts'
import { gonePieces } from './swarm/gone-pieces.ts'
import { lendOnly } from './swarm/lend-only.ts'
import { takeMetadata } from './take-metadata.ts'

export type LoadOptions = {
  client: WebTorrent
  engine: BlockEngine
  /** Whether players may be shown bytes before their piece has verified. */
  unverifiedReads: boolean
  state: TorrentState
  log: Log
  /** Every torrent has a folder of its own in here. */
  folder: string
  infoHash: string
  hints: SwarmHints
  info: Uint8Array | undefined
  correlationId: string
  /** Whoever holds the torrent open has changed: this many. */
  onHoldersChanged: (count: number) => void
  /** It ended by itself, after it was ready. */
  onFailed: () => void
  diskRetryMilliseconds?: number | undefined
  quota: DiskQuota
  /** Epoch seconds for what was used when; never backwards. */
  usedNow: () => number
  /** When it was used last, if nobody opens it to use it now. */
  usedAt: number | undefined
  /** Only neighbours at these IP addresses may have it, and nobody is looked for. */
  lentTo?: ReadonlySet<string> | undefined
}

export type LoadedTorrent = {
  /** Resolves when the metadata is known and what is on disk has been checked. */
  ready: Promise<OpenTorrent>
  peers(): number
  addPeers(addresses: readonly string[]): void
  /** What was given to peers over all the torrent's life, and what there is to give. */
  given(): { uploadedBytes: number; onDiskBytes: number }
  saveGiven(): void
  unload(): Promise<void>
}

/** A player opens the film for each of its many ranges; a peer that has hung up is not called again for each. */
const NAMED_AGAIN_MILLISECONDS = 5000

/** Throws `invalid` when the info dictionary that is known is refused; that of the swarm rejects `ready`. */
export async function loadTorrent(options: LoadOptions): Promise<LoadedTorrent> {
  const { client, state, infoHash, hints, quota } = options
  await quota.enter(infoHash)
  const record = state.find(infoHash)
  const parsed = await knownMetadata(infoHash, record?.info ?? options.info).catch((error: unknown) => {
    quota.leave(infoHash)
    throw error
  })
  const torrent = client.add(
    { ...parsed, announce: hints.trackers, urlList: hints.webSeeds, peerAddresses: hints.peers },
    { storeCacheSlots: 0, deselect: true },
  )
  if (options.lentTo) lendOnly(torrent, options.lentTo)
  let store: PieceStore | undefined
  let open: OpenTorrent | undefined
  let keeper: BitfieldKeeper | undefined
  let endUse = () => {}
  const gone = gonePieces(torrent, () => (open?.heldPieces().length ?? 0) > 0)
  const folder = join(options.folder, infoHash)

  takeMetadata(torrent, (layout) => {
    if (layout.isPrivate) becomePrivate(torrent, hints.trackers)
    const isNew = !existsSync(folder)
    store = new PieceStore(
      folder,
      layout,
      {
        onRefused: (error) => onRefused(error),
        onAccepted: () => open?.diskAccepted(),
        claimRoom: (bytes) => quota.claim(bytes),
      },
      options.diskRetryMilliseconds,
    )
    return {
      store,
      bitfield: record?.bitfield ?? (isNew ? new Uint8Array(Math.ceil(layout.pieceCount / 8)) : undefined),
    }
  })
  const onRefused = (error: NodeJS.ErrnoException) => {
    options.log.warn('disk_refused', { torrent: torrentLabel(infoHash), reason: error.code })
    open?.diskRefused()
  }
  torrent.on('wire', refuseAllowedFast)
  let uploadedBytes = state.uploadedBytes(infoHash)
  let savedBytes = uploadedBytes
  torrent.on('wire', (wire) => wire.on('upload', (bytes: number) => (uploadedBytes += bytes)))
  torrent.on('warning', logOnce(options))

  const mayName = onceInAWhile(NAMED_AGAIN_MILLISECONDS)
  const opened = Promise.withResolvers<OpenTorrent>()
  opened.promise.catch(() => {})
  torrent.once('error', (error: Error) => {
    options.log.error('torrent_failed', error, {
      torrent: torrentLabel(infoHash),
      correlationId: options.correlationId,
    })
    endUse()
    store?.close()
    open?.close()
    quota.leave(infoHash)
    opened.reject(
      error instanceof AppError ? error : new AppError('internal', 'The film cannot be opened.', { cause: error }),
    )
    if (open) options.onFailed()
  })
  torrent.once('ready', () => {
    if (!store || !torrent.infoBuffer) return
    const kept = keep(options, torrent, store)
    keeper = kept
    const blocks = options.engine.attach(swarmTorrent(torrent))
    open = new OpenTorrent(
      { torrent, store, blocks, mayShowUnverified: options.unverifiedReads },
      { onHoldersChanged: options.onHoldersChanged, onDistrusted: kept.changed },
    )
    endUse = obeyQuota(options, { torrent, store, open, keeper: kept, gone })
    opened.resolve(open)
  })
  return {
    ready: opened.promise,
    peers: () => (torrent.destroyed ? 0 : torrent.numPeers),
    addPeers: (addresses) => {
      const add = () => {
        for (const address of addresses) if (mayName(address) && !torrent.destroyed) torrent.addPeer(address)
      }
      if (torrent.infoHash) add()
      else torrent.once('infoHash', add)
    },
    given: () => ({ uploadedBytes, onDiskBytes: open?.onDiskBytes() ?? 0 }),
    saveGiven() {
      try {
        state.addUploaded(infoHash, uploadedBytes - savedBytes)
        savedBytes = uploadedBytes
      } catch (error) {
        options.log.error('given_not_saved', error, { torrent: torrentLabel(infoHash) })
      }
    },
    async unload() {
      opened.reject(new AppError('internal', 'The film was put away. Please try again.'))
      await quota.enter(infoHash)
      endUse()
      open?.close()
      await keeper?.flush()
      announceStop(torrent)
      if (!torrent.destroyed) await new Promise<void>((done) => torrent.destroy({ destroyStore: false }, done))
      await new Promise<void>((done) => (store ? store.close(() => done()) : done()))
      quota.leave(infoHash)
    },
  }
}

/** From now on every piece that verifies is in the state within a second. */
function keep(options: LoadOptions, torrent: Torrent, store: PieceStore): BitfieldKeeper {
  const { state, infoHash, log } = options
  const label = torrentLabel(infoHash)
  const { buffer } = torrent.bitfield
  try {
    state.add(
      infoHash,
      { info: torrent.infoBuffer ?? new Uint8Array(), bitfield: buffer },
      options.usedAt ?? options.usedNow(),
    )
  } catch (error) {
    // The state may lie on the disk that is full: what is on it can be watched all the same.
    log.error('torrent_not_kept', error, { torrent: label })
  }
  const keeper = keepBitfield({
    sync: () => store.sync(),
    snapshot: () => torrent.bitfield.buffer,
    save: (bitfield) => state.saveBitfield(infoHash, bitfield),
    onError: (error) => log.error('bitfield_not_saved', error, { torrent: label }),
  })
  torrent.on('verified', keeper.changed)
  // The check at the start may have found more, or less, than was known.
  keeper.changed()
  log.info('torrent_ready', {
    torrent: label,
    correlationId: options.correlationId,
    pieces: store.layout.pieceCount,
    verifiedPieces: countBits(buffer),
    checkedPieces: store.wholePiecesRead,
  })
  return keeper
}

/** The same object, as the block engine sees it: what it needs of it is written down there. */
const swarmTorrent = (torrent: Torrent) => torrent as unknown as SwarmTorrent

/** webtorrent asks a choking peer for its "allowed fast" pieces (BEP 6) whether or not anybody wants them. */
function refuseAllowedFast(wire: Wire): void {
  wire.on('allowed-fast', () => {
    wire.peerAllowedFastSet.length = 0
  })
}

/** Says yes to the same text once in so long. */
function onceInAWhile(milliseconds: number): (text: string) => boolean {
  const saidAt = new Map<string, number>()
  return (text) => {
    const now = performance.now()
    if (now - (saidAt.get(text) ?? Number.NEGATIVE_INFINITY) < milliseconds) return false
    saidAt.set(text, now)
    return true
  }
}

/** Trackers repeat themselves; the log does not. */
function logOnce({ log, infoHash, correlationId }: LoadOptions): (error: Error) => void {
  const seen = new Set<string>()
  return ({ message }) => {
    if (seen.has(message) || seen.size >= 20) return
    seen.add(message)
    log.warn('torrent_warning', { torrent: torrentLabel(infoHash), correlationId, reason: message })
  }
}
