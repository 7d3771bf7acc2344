/** Bytes of a file on demand: what is on disk at once, what is not as soon as the swarm has brought it. */
import { AppError } from '#protocol/errors.ts'
import type { BlockReader } from './blocks/block-reader.ts'
import type { TorrentFile } from './metadata/torrent-layout.ts'
import type { ReadableTorrent } from './readable-torrent.ts'
import { lendMemory, returnMemory } from './store/read-memory.ts'

/** At most so much is given out at once, and read from disk at once. */
const CHUNK_BYTES = 512 * 1024
/** How often in a row a piece that verified may turn out unreadable before the disk itself is blamed. */
const MOST_FAILED_READS = 3

export type ByteRange = {
  /** First and last byte (inclusive). */
  start: number
  end: number
}

export type ReadOptions = {
  /**
   * Gives out bytes before the piece they belong to has verified, where the operator allows it. For playing the file
   * as it is and for nothing else: what is looked into, remuxed, kept or given on must have verified.
   */
  unverified?: boolean
  /** Of the film, when known: it sizes the window that is fetched ahead. */
  bytesPerSecond?: number | undefined
  /**
   * Bytes given out are good only until the next are asked for: two buffers serve the whole read. Fresh memory for
   * every chunk costs more than half the speed of a complete file, all of it in the garbage collector.
   */
  reusesMemory?: boolean
  chunkBytes?: number
}

/**
 * Yields the bytes of the range, in order, at the pace of whoever takes them: at most one window is fetched ahead.
 * Ending the iteration or aborting the signal drops what only this reader wanted, also on the wire. Rejects with the
 * signal's reason, with `disk_full`, with `busy` when bytes that were given out turn out damaged or the torrent is put
 * away, or with `internal` when the disk gives an error again and again.
 */
export async function* readRange(
  torrent: ReadableTorrent,
  file: TorrentFile,
  range: ByteRange,
  signal: AbortSignal,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  signal.throwIfAborted()
  const { unverified = false, bytesPerSecond, chunkBytes = CHUNK_BYTES, reusesMemory = false } = options
  const startBytes = file.offsetBytes + range.start
  const endBytes = file.offsetBytes + range.end + 1
  const reader = torrent.beginRead({ startBytes, endBytes, unverified, bytesPerSecond })
  const leave = () => {
    reader.fail(signal.reason)
    torrent.endRead(reader)
  }
  // A reader that is paused by its client does not run its own `finally`; the signal reaches it all the same.
  signal.addEventListener('abort', leave, { once: true })
  const memory = reusesMemory ? twoBuffers(Math.min(chunkBytes, endBytes - startBytes)) : fresh
  const nextBuffer = memory.next
  let failedReads = 0
  let reading: DiskRead | undefined
  try {
    while (reader.missingBytes > 0) {
      reader.throwIfFailed()
      const mostBytes = Math.min(chunkBytes, reader.missingBytes)
      let bytes: Uint8Array | undefined
      if (reading === undefined) bytes = copyArrived(torrent, reader, nextBuffer, mostBytes)
      if (bytes === undefined) {
        reading ??= startRead(torrent, file, reader, mostBytes, nextBuffer)
        if (reading === undefined) {
          await torrent.arrival(reader)
          continue
        }
        const outcome: Awaited<DiskRead> = await reading
        reading = undefined
        reader.throwIfFailed()
        if (outcome.bytes === undefined) {
          if (++failedReads > MOST_FAILED_READS) throw unreadable(outcome.error)
          torrent.distrust(outcome.from, outcome.to)
          continue
        }
        failedReads = 0
        bytes = outcome.bytes
      }
      reader.advance(bytes.length)
      torrent.moved()
      // The disk reads the next bytes while the client takes these.
      if (reader.missingBytes > 0 && !torrent.hasArrived(reader)) {
        reading = startRead(torrent, file, reader, Math.min(chunkBytes, reader.missingBytes), nextBuffer)
      }
      // The last of it is kept back while any of it is on trial: a response that is over cannot be broken off any more.
      while (reader.missingBytes === 0 && torrent.isOnTrial(reader)) await torrent.arrival(reader)
      yield bytes
    }
    reader.throwIfFailed()
    // All has been taken. Whoever leaves before may still hold the last of it, and the disk may be filling the next.
    memory.giveBack()
  } finally {
    signal.removeEventListener('abort', leave)
    torrent.endRead(reader)
  }
}

type NextBuffer = (sizeBytes: number) => Buffer

/** The memory of a piece becomes another piece's, so whoever takes its bytes gets a copy. */
function copyArrived(
  torrent: ReadableTorrent,
  reader: BlockReader,
  nextBuffer: NextBuffer,
  mostBytes: number,
): Uint8Array | undefined {
  const arrived = torrent.arrived(reader, mostBytes)
  if (arrived === undefined) return undefined
  const bytes = nextBuffer(arrived.length)
  // From shared memory `set` and `copy` go word by word, or byte by byte; this is memcpy.
  bytes.fill(arrived)
  return bytes
}

/** Never rejects, because nobody may be there any more to hear it. `from` and `to` are pieces (inclusive). */
type DiskRead = Promise<{ bytes?: Uint8Array; error?: unknown; from: number; to: number }>

/** Begins to read what is on disk from the reader's position on; undefined when its first byte is not. */
function startRead(
  torrent: ReadableTorrent,
  file: TorrentFile,
  reader: BlockReader,
  mostBytes: number,
  nextBuffer: NextBuffer,
): DiskRead | undefined {
  const position = reader.positionBytes - file.offsetBytes
  const length = torrent.bytesOnDisk(file, position, position + mostBytes - 1)
  if (length === 0) return undefined
  const { pieceBytes } = torrent.layout
  const from = Math.floor(reader.positionBytes / pieceBytes)
  const to = Math.floor((reader.positionBytes + length - 1) / pieceBytes)
  return torrent.read(file, position, length, nextBuffer(length)).then(
    (bytes) => ({ bytes, from, to }),
    (error: unknown) => ({ error, from, to }),
  )
}

type Lent = { next: NextBuffer; giveBack(): void }

const fresh: Lent = { next: (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes), giveBack() {} }

/** One that is being taken while the other is being filled; a short range needs only one. */
function twoBuffers(mostBytes: number): Lent {
  const buffers: Buffer[] = []
  let turn = 0
  return {
    next(sizeBytes) {
      const at = turn++ % 2
      const buffer = buffers[at] ?? lendMemory(mostBytes)
      buffers[at] = buffer
      return buffer.subarray(0, sizeBytes)
    },
    giveBack() {
      for (const buffer of buffers) returnMemory(buffer)
    },
  }
}

const unreadable = (cause: unknown) =>
  new AppError('internal', 'The disk at home cannot read this film. Check the disk, then try again.', { cause })
