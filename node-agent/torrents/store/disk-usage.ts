/** What downloads really take on disk, holes not counted, and what the disk has left. */
import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** `stat.blocks` counts in these, whatever the disk's own block is (POSIX). */
const BLOCK_BYTES = 512

/** Bytes that the files of one download folder occupy; 0 when it is not there. */
export async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  let bytes = 0
  for (const name of names) {
    const stat = await lstat(join(folder, name)).catch(() => undefined)
    if (stat?.isFile()) bytes += stat.blocks * BLOCK_BYTES
  }
  return bytes
}

/** Every torrent's folder, by info hash. What is called otherwise is not ours. */
export async function downloadFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory() && /^[0-9a-f]{40}$/.test(entry.name)).map(({ name }) => name)
}

/** What this user may still write there; of a folder that is not there yet, the nearest one above it that is. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    const above = join(folder, '..')
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error
    return freeBytes(above)
  }
}
