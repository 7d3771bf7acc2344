/** The open files of one torrent: made when first written, at most so many at once, synced together. */
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A torrent may have twenty thousand files, a process has a thousand descriptors. */
const MOST_OPEN = 64

type Entry = { opening: Promise<FileHandle>; users: number }

export class FileHandles {
  readonly #folder: string
  /** In order of use, the longest unused first. */
  readonly #entries = new Map<string, Entry>()
  readonly #unsynced = new Map<string, FileHandle>()
  #isClosed = false

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Runs `work` on the open file. To write makes folder and file when they are missing; to read rejects then. */
  async use<T>(name: string, purpose: 'read' | 'write', work: (handle: FileHandle) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error('the files are closed')
    const entry = await this.#entry(name, purpose)
    entry.users++
    try {
      return await work(await entry.opening)
    } finally {
      entry.users--
      this.#closeUnused()
    }
  }

  /** What was written to this file must reach the disk at the next `sync`. */
  written(name: string, handle: FileHandle): void {
    this.#unsynced.set(name, handle)
  }

  /** Forces what was written to the disk itself. */
  async sync(): Promise<void> {
    const waiting = [...this.#unsynced]
    this.#unsynced.clear()
    try {
      await Promise.all(waiting.map(([, handle]) => handle.datasync()))
    } catch (error) {
      for (const [name, handle] of waiting) if (this.#entries.has(name)) this.#unsynced.set(name, handle)
      throw error
    }
  }

  /** Opens the file anew next time: its disk refused something. */
  letGo(name: string): void {
    const entry = this.#entries.get(name)
    this.#entries.delete(name)
    this.#unsynced.delete(name)
    void entry?.opening.then((handle) => handle.close()).catch(() => {})
  }

  /** Removes the file, and the folder with the last one. */
  async remove(name: string): Promise<void> {
    this.letGo(name)
    await rm(join(this.#folder, name), { force: true })
    await rmdir(this.#folder).catch(() => {})
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    this.#unsynced.clear()
    await Promise.allSettled(entries.map(async ({ opening }) => (await opening).close()))
  }

  async #entry(name: string, purpose: 'read' | 'write'): Promise<Entry> {
    const known = this.#entries.get(name)
    if (known) {
      this.#entries.delete(name)
      this.#entries.set(name, known)
      return known
    }
    return purpose === 'write' ? this.#openToWrite(name) : this.#openToRead(name)
  }

  /** Everyone who comes meanwhile waits for the same handle. */
  #openToWrite(name: string): Entry {
    const opening = mkdir(this.#folder, { recursive: true, mode: 0o700 }).then(() =>
      open(join(this.#folder, name), constants.O_RDWR | constants.O_CREAT, 0o600),
    )
    const entry = { opening, users: 0 }
    this.#entries.set(name, entry)
    opening.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name)
    })
    return entry
  }

  /** A writer that opened it first wins. */
  async #openToRead(name: string): Promise<Entry> {
    const handle = await open(join(this.#folder, name), constants.O_RDWR)
    const known = this.#entries.get(name)
    if (known || this.#isClosed) await handle.close()
    if (this.#isClosed) throw new Error('the files are closed')
    if (known) return known
    const entry = { opening: Promise.resolve(handle), users: 0 }
    this.#entries.set(name, entry)
    return entry
  }

  #closeUnused(): void {
    for (const [name, entry] of this.#entries) {
      if (this.#entries.size <= MOST_OPEN) return
      if (entry.users > 0 || this.#unsynced.has(name)) continue
      this.letGo(name)
    }
  }
}
