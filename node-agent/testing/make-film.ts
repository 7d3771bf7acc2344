/** Films for tests, made by ffmpeg when first asked for and kept among npm's caches: the same name and arguments, the same file. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules/.cache/porchlight-films')
const making = new Map<string, Promise<string>>()

/**
 * Runs `ffmpeg <args> <path>` and gives the path, which ends as `name` does (that chooses the container). Its folder is
 * the film's own, so that what stands beside a film can be told. Rejects with ffmpeg's own words.
 */
export function makeFilm(name: string, args: readonly string[]): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([name, args]))
    .digest('hex')
    .slice(0, 12)
  const path = join(folder, key, name)
  const made = making.get(path) ?? make(path, args)
  making.set(path, made)
  return made
}

async function make(path: string, args: readonly string[]): Promise<string> {
  if (existsSync(path)) return path
  await mkdir(dirname(path), { recursive: true })
  // Another test process may be making the same film: each writes its own, and the last one stays.
  const unfinished = `${path}.${process.pid}${extname(path)}`
  try {
    await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, unfinished])
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  return path
}
