/** One torrent's pieces on disk: files that are made when first written, and writes that wait out a full disk. */
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChunkStore, StoreCallback } from 'webtorrent'
import type { TorrentFile, TorrentLayout } from '../metadata/torrent-layout.ts'
import { type FileSpan, fileSpans } from './file-spans.ts'

/** How long a write waits before it tries again after the disk refused it, in milliseconds. */
const RETRY_MILLISECONDS = 3000

export type PieceStoreEvents = {
  /** The disk refused a write (full, read-only, gone); the piece waits in memory and is tried again. */
  onRefused: (error: NodeJS.ErrnoException) => void
  /** A write that was refused has gone through. */
  onAccepted: () => void
}

/**
 * The chunk store that webtorrent writes verified pieces to, and our own reader reads from. A write that fails is not
 * an error to webtorrent (which would drop the torrent): it stays pending until the disk takes it or the store closes.
 */
export class PieceStore implements ChunkStore {
  readonly chunkLength: number
  readonly layout: TorrentLayout
  /** How many whole pieces were read back, which webtorrent does only to check them. */
  wholePiecesRead = 0
  readonly #folder: string
  readonly #events: PieceStoreEvents
  readonly #retryMilliseconds: number
  readonly #handles = new Map<string, Promise<FileHandle>>()
  readonly #unsynced = new Set<FileHandle>()
  readonly #closed = new AbortController()

  constructor(folder: string, layout: TorrentLayout, events: PieceStoreEvents, retryMilliseconds = RETRY_MILLISECONDS) {
    this.chunkLength = layout.pieceBytes
    this.#folder = folder
    this.layout = layout
    this.#events = events
    this.#retryMilliseconds = retryMilliseconds
  }

  put(index: number, bytes: Uint8Array, done: StoreCallback = () => {}): void {
    this.#write(index, bytes).then(
      () => done(null),
      (error) => done(error),
    )
  }

  get(index: number, options: Parameters<ChunkStore['get']>[1], done?: StoreCallback): void {
    const answer = typeof options === 'function' ? options : done
    const { offset = 0, length } = typeof options === 'function' ? {} : (options ?? {})
    const start = index * this.chunkLength + offset
    const pieceEnd = Math.min((index + 1) * this.chunkLength, this.layout.sizeBytes)
    if (offset === 0 && start + (length ?? this.chunkLength) >= pieceEnd) this.wholePiecesRead++
    this.#readSpans(fileSpans(this.layout.files, start, length ?? pieceEnd - start)).then(
      (bytes) => answer?.(null, bytes),
      (error) => answer?.(error),
    )
  }

  /** Bytes of one file; rejects with the disk's error, or when the file ends before `length` bytes. */
  read(file: TorrentFile, position: number, length: number): Promise<Uint8Array> {
    return this.#readSpans([{ file, position, offset: 0, length }])
  }

  /** Forces what was written to the disk itself, so that a bitfield saved after it is never ahead of the data. */
  async sync(): Promise<void> {
    const handles = [...this.#unsynced]
    this.#unsynced.clear()
    try {
      await Promise.all(handles.map((handle) => handle.datasync()))
    } catch (error) {
      for (const handle of handles) this.#unsynced.add(handle)
      throw error
    }
  }

  close(done: StoreCallback = () => {}): void {
    this.#closed.abort()
    const handles = [...this.#handles.values()]
    this.#handles.clear()
    Promise.allSettled(handles.map(async (handle) => (await handle).close())).then(() => done(null))
  }

  /** Files are never removed by the swarm client: that is the disk quota's business. */
  destroy(done: StoreCallback = () => {}): void {
    this.close(done)
  }

  async #write(index: number, bytes: Uint8Array): Promise<void> {
    const spans = fileSpans(this.layout.files, index * this.chunkLength, bytes.length)
    for (let wasRefused = false; ; wasRefused = true) {
      this.#closed.signal.throwIfAborted()
      try {
        for (const span of spans) await this.#writeSpan(span, bytes)
        if (wasRefused) this.#events.onAccepted()
        return
      } catch (error) {
        this.#closed.signal.throwIfAborted()
        this.#events.onRefused(error as NodeJS.ErrnoException)
        for (const span of spans) this.#letGo(span.file)
        await waitUnlessAborted(this.#retryMilliseconds, this.#closed.signal)
      }
    }
  }

  async #writeSpan({ file, position, offset, length }: FileSpan, bytes: Uint8Array): Promise<void> {
    const handle = await this.#handle(file, 'write')
    for (let written = 0; written < length; ) {
      const { bytesWritten } = await handle.write(bytes, offset + written, length - written, position + written)
      written += bytesWritten
    }
    this.#unsynced.add(handle)
  }

  async #readSpans(spans: FileSpan[]): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafeSlow(spans.reduce((sum, span) => sum + span.length, 0))
    for (const { file, position, offset, length } of spans) {
      const handle = await this.#handle(file, 'read')
      for (let done = 0; done < length; ) {
        const { bytesRead } = await handle.read(bytes, offset + done, length - done, position + done)
        if (bytesRead === 0) throw new Error('the file on disk ends before its piece does')
        done += bytesRead
      }
    }
    return bytes
  }

  /** The disk may have been unmounted or replaced: the next try opens the file anew. */
  #letGo(file: TorrentFile): void {
    const opening = this.#handles.get(file.diskName)
    this.#handles.delete(file.diskName)
    opening?.then(
      (handle) => {
        this.#unsynced.delete(handle)
        return handle.close()
      },
      () => {},
    )
  }

  async #handle(file: TorrentFile, purpose: 'read' | 'write'): Promise<FileHandle> {
    this.#closed.signal.throwIfAborted()
    const known = this.#handles.get(file.diskName)
    if (known) return known
    return purpose === 'write' ? this.#openToWrite(file.diskName) : this.#openToRead(file.diskName)
  }

  /** Makes folder and file when they are missing. Everyone who comes meanwhile waits for the same handle. */
  #openToWrite(name: string): Promise<FileHandle> {
    const opening = mkdir(this.#folder, { recursive: true, mode: 0o700 }).then(() =>
      open(join(this.#folder, name), constants.O_RDWR | constants.O_CREAT, 0o600),
    )
    this.#handles.set(name, opening)
    opening.catch(() => this.#handles.delete(name))
    return opening
  }

  /** Rejects when the file is missing; a writer that opened it first wins. */
  async #openToRead(name: string): Promise<FileHandle> {
    const handle = await open(join(this.#folder, name), constants.O_RDWR)
    const known = this.#handles.get(name)
    if (known || this.#closed.signal.aborted) await handle.close()
    this.#closed.signal.throwIfAborted()
    if (known) return known
    this.#handles.set(name, Promise.resolve(handle))
    return handle
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
