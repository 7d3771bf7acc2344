/** A film of the operator's own, read through the same doors as one from a swarm. */
import { mkdirSync, renameSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { prefetchEnds } from '../prefetch-ends.ts'
import { readRange } from '../read-range.ts'
import type { Openable } from '../readable-torrent.ts'
import { type LocalFilm, openLocal } from './open-local.ts'
import { withLocalFilms } from './with-local-films.ts'

const live = () => new AbortController().signal
const bytes = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 251))

function film(name = 'Film.mkv', content: Buffer = bytes): LocalFilm {
  const path = join(temporaryDirectory(), name)
  writeFileSync(path, content)
  return asSeen(path)
}
function asSeen(path: string): LocalFilm {
  const { size: sizeBytes, mtimeMs } = statSync(path)
  return { infoHash: 'f'.repeat(40), path, sizeBytes, modifiedMs: Math.trunc(mtimeMs) }
}

async function read(local: LocalFilm, start: number, end: number): Promise<Buffer> {
  const torrent = await openLocal(local)
  const [file] = torrent.layout.files
  if (!file) throw new Error('no file')
  const chunks: Buffer[] = []
  for await (const chunk of readRange(torrent, file, { start, end }, live(), { chunkBytes: 700 })) {
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

describe('a local film', () => {
  it('gives any range of itself', async () => {
    const local = film()
    const range = fc
      .tuple(fc.nat(bytes.length - 1), fc.nat(bytes.length - 1))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    await fc.assert(
      fc.asyncProperty(range, async ([start, end]) => {
        expect(await read(local, start, end)).toEqual(bytes.subarray(start, end + 1))
      }),
      { numRuns: 40 },
    )
  })

  it('is complete, waits for nobody, and lies in no folder that anybody sees', async () => {
    const torrent = await openLocal(film())
    const [file] = torrent.layout.files
    if (!file) throw new Error('no file')
    expect(file.path).toBe('Film.mkv')
    expect(torrent.bytesOnDisk(file, 100, 199)).toBe(100)
    expect(torrent.bytesOnDisk(file, 2900, 9999)).toBe(100)
    expect(torrent.status(file)).toMatchObject({ state: 'complete', downloadedBytes: 3000, buffered: [[0, 3000]] })
    prefetchEnds(torrent, file, live())
    torrent.check(file, 0)
  })

  it('brings the subtitles beside it', async () => {
    const local = film()
    writeFileSync(local.path.replace('Film.mkv', 'Film.de.srt'), 'hello')
    writeFileSync(local.path.replace('Film.mkv', 'Other.txt'), 'no')
    const torrent = await openLocal(local)
    expect(torrent.layout.files.map(({ path }) => path)).toEqual(['Film.mkv', 'Film.de.srt'])
    const beside = torrent.layout.files[1]
    if (!beside) throw new Error('no file')
    expect(Buffer.from(await torrent.read(beside, 0, 5)).toString()).toBe('hello')
  })

  it.each<[string, (path: string) => void]>([
    ['was moved', (path) => renameSync(path, `${path}.gone`)],
    ['was changed', (path) => writeFileSync(path, 'other')],
    ['was touched', (path) => utimesSync(path, 1, 1)],
    [
      'became a folder',
      (path) => {
        renameSync(path, `${path}.gone`)
        mkdirSync(path)
      },
    ],
  ])('that %s since it was seen is not opened', async (_what, change) => {
    const local = film()
    change(local.path)
    await expect(openLocal(local)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('that is cut off while it is read ends the read, and so does a link put in its place', async () => {
    const local = film()
    const torrent = await openLocal(local)
    const [file] = torrent.layout.files
    if (!file) throw new Error('no file')
    truncateSync(local.path, 10)
    await expect(torrent.read(file, 0, 100)).rejects.toThrow('shorter')
    await expect(
      (async () => {
        for await (const _chunk of readRange(torrent, file, { start: 0, end: 99 }, live()));
      })(),
    ).rejects.toMatchObject({ code: 'internal' })
    renameSync(local.path, `${local.path}.gone`)
    symlinkSync('/etc/hostname', local.path)
    await expect(torrent.read(file, 0, 1)).rejects.toMatchObject({ code: 'ELOOP' })
  })
})

describe('withLocalFilms', () => {
  it('asks the swarm for everything else, and for no film of one’s own', async () => {
    const asked: string[] = []
    const swarm: Openable = {
      open: (source) => {
        asked.push(source.infoHash)
        return Promise.reject(new Error('swarm'))
      },
      peersOf: () => 3,
      isKept: () => false,
    }
    const local = film()
    const both = withLocalFilms(swarm, (infoHash) => (infoHash === local.infoHash ? local : undefined))
    const hints = { trackers: [], webSeeds: [], peers: [] }
    const context = { signal: live(), correlationId: 'c' }
    expect((await both.open({ infoHash: local.infoHash, hints }, context)).layout.name).toBe('Film.mkv')
    await expect(both.open({ infoHash: 'a'.repeat(40), hints }, context)).rejects.toThrow('swarm')
    expect(asked).toEqual(['a'.repeat(40)])
    expect([both.isKept(local.infoHash), both.isKept('a'.repeat(40))]).toEqual([true, false])
  })
})
