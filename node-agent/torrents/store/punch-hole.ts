/** Frees the middle of a file: Node cannot (fallocate is not in it), `fs-native-extensions` can where the disk can. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

type Extensions = {
  /** Marks a file as sparse, which Windows wants before a hole; nothing elsewhere. */
  sparse(fd: number): Promise<void>
  /** fallocate(PUNCH_HOLE) on Linux, F_PUNCHHOLE on macOS, FSCTL_SET_ZERO_DATA on Windows. */
  trim(fd: number, offset: number, length: number): Promise<void>
}

/** Undefined on systems it has no binary for (musl, for one): then files go as a whole. */
const extensions = loadExtensions()

function loadExtensions(): Extensions | undefined {
  try {
    return createRequire(import.meta.url)('fs-native-extensions') as Extensions
  } catch {
    return undefined
  }
}

/** The bytes read as zeros afterwards and take no room. Rejects with `isNoHoles` where this disk cannot do it. */
export async function punchHole(handle: FileHandle, position: number, length: number): Promise<void> {
  try {
    if (!extensions) throw new Error('no binary for this system')
    await extensions.sparse(handle.fd)
    await extensions.trim(handle.fd, position, length)
  } catch (cause) {
    throw Object.assign(new Error('this disk cannot punch holes', { cause }), { code: NO_HOLES })
  }
}

const NO_HOLES = 'NO_HOLES'
export const isNoHoles = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === NO_HOLES

const PROBE_BYTES = 1024 * 1024

/** Tries it on a file of its own in the folder: exFAT, NFS and others cannot. Never rejects. */
export async function canPunchHoles(folder: string): Promise<boolean> {
  const path = join(folder, `.probe-${randomUUID()}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const handle = await open(path, 'wx+', 0o600)
    try {
      await handle.write(Buffer.alloc(PROBE_BYTES, 1))
      await handle.sync()
      const before = (await handle.stat()).blocks
      await punchHole(handle, 0, PROBE_BYTES)
      return (await handle.stat()).blocks < before
    } finally {
      await handle.close()
    }
  } catch {
    return false
  } finally {
    await rm(path, { force: true }).catch(() => {})
  }
}
