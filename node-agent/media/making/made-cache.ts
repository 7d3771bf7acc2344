/** What was made of films, on disk: what was used longest ago goes first, and nothing half-written is ever given out. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../log.ts'

export type MadeCacheOptions = {
  folder: string
  mostBytes: number
  /** Always left free for others. */
  floorBytes: number
  freeBytes: (folder: string) => Promise<number>
  log: Log
}

/** Names are file names; whoever asks makes them of hashes and numbers only. */
export type MadeCache = {
  has(name: string): boolean
  /** Undefined for what is not there, or was damaged by a power cut. */
  get(name: string): Promise<Uint8Array | undefined>
  /** Never rejects: what cannot be kept is made again. */
  put(name: string, bytes: Uint8Array): Promise<void>
}

/** Changed when the same name comes to mean other bytes: then all that was made before goes. */
const GENERATION = 'g3'
const UNFINISHED = '.unfinished-'

/** Reads what earlier runs left, oldest first; removes what they left half-done or in another generation. */
export async function openMadeCache(options: MadeCacheOptions): Promise<MadeCache> {
  const { mostBytes, floorBytes, freeBytes, log } = options
  const folder = join(options.folder, GENERATION)
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(options.folder)) {
    if (name !== GENERATION) await rm(join(options.folder, name), { recursive: true, force: true })
  }
  /** In order of use, the oldest first. */
  const sizes = new Map(await kept(folder))
  let usedBytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  const forget = (name: string) => {
    usedBytes -= sizes.get(name) ?? 0
    sizes.delete(name)
  }
  const evictDownTo = async (bytes: number) => {
    for (const name of [...sizes.keys()]) {
      if (usedBytes <= bytes) return
      forget(name)
      await rm(join(folder, name), { force: true })
    }
  }
  await evictDownTo(mostBytes)
  let lastUsedMs = 0
  /** For the order after a restart: by our own clock alone, for the file system's runs a few milliseconds behind it. */
  const stamp = async (path: string) => {
    lastUsedMs = Math.max(Date.now(), lastUsedMs + 1)
    await utimes(path, lastUsedMs / 1000, lastUsedMs / 1000).catch(() => {})
  }
  return {
    has: (name) => sizes.has(name),
    async get(name) {
      const bytes = sizes.get(name)
      if (bytes === undefined) return undefined
      const path = join(folder, name)
      const found = await readFile(path).catch(() => undefined)
      if (found?.length !== bytes) {
        forget(name)
        return undefined
      }
      sizes.delete(name)
      sizes.set(name, bytes)
      await stamp(path)
      return found
    },
    async put(name, bytes) {
      if (bytes.length > mostBytes) return
      const path = join(folder, name)
      const unfinished = join(folder, `${UNFINISHED}${randomBytes(8).toString('hex')}`)
      try {
        await evictDownTo(mostBytes - bytes.length)
        if ((await freeBytes(folder)) - bytes.length < floorBytes) return
        await writeSynced(unfinished, bytes)
        await stamp(unfinished)
        await rename(unfinished, path)
        forget(name)
        sizes.set(name, bytes.length)
        usedBytes += bytes.length
        await evictDownTo(mostBytes)
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => {})
        log.error('made_not_kept', error)
      }
    },
  }
}

/** On the disk before it has its name: a power cut leaves all of it or nothing. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function kept(folder: string): Promise<[string, number][]> {
  const files: { name: string; bytes: number; usedAt: number }[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(folder, entry.name)
    if (entry.name.startsWith(UNFINISHED)) await rm(path, { force: true })
    else {
      const { size, mtimeMs } = await stat(path)
      files.push({ name: entry.name, bytes: size, usedAt: mtimeMs })
    }
  }
  return files.sort((a, b) => a.usedAt - b.usedAt).map(({ name, bytes }) => [name, bytes])
}
