/** One torrent's pieces on disk: sparse files, writes that wait out a full disk, and pieces that can be let go again. */
import type { ChunkStore, StoreCallback } from 'webtorrent'
import type { TorrentFile, TorrentLayout } from '../metadata/torrent-layout.ts'
import { atMost } from './at-most.ts'
import { FileHandles } from './file-handles.ts'
import { type FileSpan, fileSpans } from './file-spans.ts'
import { releasePieces } from './release-pieces.ts'

/** How long a write waits before it tries again after the disk refused it, in milliseconds. */
const RETRY_MILLISECONDS = 3000
/** As many as Node has threads for; what waits does not claim room yet. */
const MOST_WRITES = 4
/**
 * What peers may have us read at once. They can take back what they asked for, ask again, and so on without end. Pieces
 * that are checked are read without an offset, two at a time, however large they are.
 */
const MOST_READING_BYTES = 32 * 1024 * 1024

export type PieceStoreEvents = {
  /** The disk refused a write (full, read-only, gone); the piece waits in memory and is tried again. */
  onRefused: (error: NodeJS.ErrnoException) => void
  /** A write that was refused has gone through. */
  onAccepted: () => void
  /**
   * Asked before every write; rejects, with a code, when there is no room for so many bytes. The function it gives is
   * called when the write has ended.
   */
  claimRoom?: (bytes: number) => Promise<() => void>
}

/**
 * The chunk store that verified pieces are written to and readers read from. A write that fails is not an error to
 * webtorrent (which would drop the torrent): it stays pending until the disk takes it or the store closes.
 */
export class PieceStore implements ChunkStore {
  readonly chunkLength: number
  readonly layout: TorrentLayout
  /** How many whole pieces were read back, which webtorrent does only to check them. */
  wholePiecesRead = 0
  readonly #handles: FileHandles
  readonly #events: PieceStoreEvents
  readonly #retryMilliseconds: number
  readonly #reads = new Set<Promise<unknown>>()
  readonly #closed = new AbortController()
  readonly #inTurn = atMost(MOST_WRITES)
  #readingBytes = 0
  #releasing: Promise<void> = Promise.resolve()

  constructor(folder: string, layout: TorrentLayout, events: PieceStoreEvents, retryMilliseconds = RETRY_MILLISECONDS) {
    this.chunkLength = layout.pieceBytes
    this.layout = layout
    this.#handles = new FileHandles(folder)
    this.#events = events
    this.#retryMilliseconds = retryMilliseconds
  }

  put(index: number, bytes: Uint8Array, done: StoreCallback = () => {}): void {
    this.#inTurn(() => this.#write(index, bytes)).then(
      () => done(null),
      (error) => done(error),
    )
  }

  get(index: number, options: Parameters<ChunkStore['get']>[1], done?: StoreCallback): void {
    const answer = typeof options === 'function' ? options : done
    const asked = typeof options === 'function' ? {} : (options ?? {})
    const { offset = 0, length } = asked
    const start = index * this.chunkLength + offset
    const pieceEnd = Math.min((index + 1) * this.chunkLength, this.layout.sizeBytes)
    if (offset === 0 && start + (length ?? this.chunkLength) >= pieceEnd) this.wholePiecesRead++
    const bytes = length ?? pieceEnd - start
    if (asked.offset !== undefined && this.#readingBytes + bytes > MOST_READING_BYTES) {
      queueMicrotask(() => answer?.(new Error('too much is asked for at once')))
      return
    }
    this.#readingBytes += bytes
    this.#read(fileSpans(this.layout.files, start, bytes))
      .finally(() => {
        this.#readingBytes -= bytes
      })
      .then(
        (read) => answer?.(null, read),
        (error) => answer?.(error),
      )
  }

  /**
   * Bytes of one file, in `into` when that is given; rejects with the disk's error, or when the file ends before
   * `length` bytes.
   */
  read(file: TorrentFile, position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    return this.#read([{ file, position, offset: 0, length }], into)
  }

  /**
   * Frees the room of these pieces. `isOnDisk` must say no of them already: then nobody begins to read them, and a
   * piece that comes anew waits until its place is free. Reads under way end first.
   */
  release(pieces: readonly number[], isOnDisk: (piece: number) => boolean): Promise<void> {
    const released = this.#releasing.then(async () => {
      await Promise.allSettled([...this.#reads])
      await releasePieces(this.#handles, this.layout, pieces, isOnDisk)
    })
    this.#releasing = released.catch(() => {})
    return released
  }

  /** Forces what was written to the disk itself, so that a bitfield saved after it is never ahead of the data. */
  sync(): Promise<void> {
    return this.#handles.sync()
  }

  close(done: StoreCallback = () => {}): void {
    this.#closed.abort()
    void this.#releasing.then(() => this.#handles.close()).then(() => done(null))
  }

  /** Files are never removed by the swarm client: that is the disk quota's business. */
  destroy(done: StoreCallback = () => {}): void {
    this.close(done)
  }

  async #write(index: number, bytes: Uint8Array): Promise<void> {
    const spans = fileSpans(this.layout.files, index * this.chunkLength, bytes.length)
    for (let wasRefused = false; ; wasRefused = true) {
      this.#closed.signal.throwIfAborted()
      await this.#releasing
      try {
        const ended = await this.#events.claimRoom?.(bytes.length)
        try {
          for (const span of spans) await this.#writeSpan(span, bytes)
        } finally {
          ended?.()
        }
        if (wasRefused) this.#events.onAccepted()
        return
      } catch (error) {
        this.#closed.signal.throwIfAborted()
        this.#events.onRefused(error as NodeJS.ErrnoException)
        for (const { file } of spans) this.#handles.letGo(file.diskName)
        await waitUnlessAborted(this.#retryMilliseconds, this.#closed.signal)
      }
    }
  }

  #writeSpan({ file, position, offset, length }: FileSpan, bytes: Uint8Array): Promise<void> {
    return this.#handles.use(file.diskName, 'write', async (handle) => {
      for (let written = 0; written < length; ) {
        const { bytesWritten } = await handle.write(bytes, offset + written, length - written, position + written)
        written += bytesWritten
      }
      this.#handles.written(file.diskName, handle)
    })
  }

  #read(spans: FileSpan[], into?: Uint8Array): Promise<Uint8Array> {
    const length = spans.reduce((sum, span) => sum + span.length, 0)
    const reading = this.#readSpans(spans, into?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length))
    this.#reads.add(reading)
    const end = () => this.#reads.delete(reading)
    reading.then(end, end)
    return reading
  }

  async #readSpans(spans: FileSpan[], bytes: Uint8Array): Promise<Uint8Array> {
    for (const { file, position, offset, length } of spans) {
      await this.#handles.use(file.diskName, 'read', async (handle) => {
        for (let done = 0; done < length; ) {
          const { bytesRead } = await handle.read(bytes, offset + done, length - done, position + done)
          if (bytesRead === 0) throw new Error('the file on disk ends before its piece does')
          done += bytesRead
        }
      })
    }
    return bytes
  }
}

function waitUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds)
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    signal.addEventListener('abort', end, { once: true })
  })
}
