/** A room for making in a test, over films on this disk. */
import { readFileSync, statSync } from 'node:fs'
import { createLog } from '../log.ts'
import type { Film, FilmInside } from '../media/film.ts'
import { createCopies } from '../media/hls/open-copies.ts'
import { probe } from '../media/inside/probe.ts'
import { type Making, type MakingOptions, openMaking } from '../media/making/making.ts'
import { nothingFound } from '../state/probe.ts'
import { freeBytes } from '../torrents/store/disk-usage.ts'

export const tool = { command: 'ffmpeg', environment: { PATH: process.env.PATH ?? '' } }

export type TestMaking = Making & { lines: { event: string; reason?: string }[] }

export async function openTestMaking(stateDir: string, changes: Partial<MakingOptions> = {}): Promise<TestMaking> {
  const lines: TestMaking['lines'] = []
  const copies = createCopies()
  const making = await openMaking({
    ...{ stateDir, tool, copies, cores: 2, mostVideoJobs: 2, cacheBytes: 1e9, floorBytes: 0, freeBytes },
    log: createLog((line) => lines.push(JSON.parse(line))),
    ...changes,
  })
  const close = async () => {
    await making.close()
    copies.close()
  }
  return { ...making, close, lines }
}

/** As `open` makes it, all of it on disk. */
export async function filmOf(path: string, contentType: string, inside?: Partial<FilmInside>): Promise<Film> {
  const bytes = readFileSync(path)
  const read = async (start: number, end: number) => bytes.subarray(start, end)
  const found = await probe({ sizeBytes: bytes.length, read, isWhole: true }, AbortSignal.timeout(20_000), tool)
  return {
    ...{ sourceId: 'source-1', path, contentType, sizeBytes: statSync(path).size, etag: `"${path}"`, read },
    inside: { ...nothingFound, ...found, ...inside },
    isOnDisk: () => true,
  }
}
