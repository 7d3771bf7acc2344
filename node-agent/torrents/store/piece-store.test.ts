/** Pieces on a real disk, also one that is full. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { until } from '../../testing/until.ts'
import type { TorrentLayout } from '../metadata/torrent-layout.ts'
import { PieceStore } from './piece-store.ts'

const layout: TorrentLayout = {
  infoHash: 'a'.repeat(40),
  name: 'Film',
  sizeBytes: 25,
  pieceBytes: 10,
  pieceCount: 3,
  isPrivate: false,
  files: [
    { index: 0, path: 'Film/a', sizeBytes: 7, offsetBytes: 0, diskName: '0000-a', isPadding: false },
    { index: 1, path: 'Film/b', sizeBytes: 18, offsetBytes: 7, diskName: '0001-b', isPadding: false },
  ],
}
const piece = (length: number, fill: number) => new Uint8Array(length).fill(fill)

function storeIn(folder: string, of = layout) {
  const events: string[] = []
  const store = new PieceStore(
    folder,
    of,
    { onRefused: (error) => events.push(`refused ${error.code}`), onAccepted: () => events.push('accepted') },
    20,
  )
  onTestFinished(() => new Promise<void>((done) => store.close(() => done())))
  const put = (index: number, bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => store.put(index, bytes, (error) => (error ? reject(error) : resolve())))
  const get = (index: number, options: { offset?: number; length?: number } | null = null) =>
    new Promise<Uint8Array>((resolve, reject) =>
      store.get(index, options, (error, bytes) => (error ? reject(error) : resolve(bytes ?? new Uint8Array()))),
    )
  return { store, put, get, events }
}

describe('PieceStore', () => {
  it('reads back what was written, across files and in parts', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    const { store, put, get } = storeIn(folder)
    await put(2, piece(5, 3))
    await put(0, piece(10, 1))
    expect(await get(0)).toEqual(Buffer.alloc(10, 1))
    expect(await get(2)).toEqual(Buffer.alloc(5, 3))
    expect(await get(0, { offset: 5, length: 4 })).toEqual(Buffer.alloc(4, 1))
    expect(await store.read(layout.files[1] ?? (layout.files[0] as never), 0, 3)).toEqual(Buffer.alloc(3, 1))
    expect(readdirSync(folder)).toEqual(['0000-a', '0001-b'])
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    await store.sync()
  })

  it('takes no room on the disk for what has not arrived', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    const GiB = 1024 ** 3
    const [file] = layout.files
    const files = file ? [{ ...file, sizeBytes: GiB, offsetBytes: 0 }] : []
    const { put } = storeIn(folder, { ...layout, sizeBytes: GiB, pieceBytes: 2 ** 20, pieceCount: 1024, files })
    await put(1023, piece(2 ** 20, 1))
    const { size, blocks } = statSync(join(folder, '0000-a'))
    expect(size).toBe(GiB)
    expect(blocks * 512).toBeLessThan(2 ** 21)
  })

  it('reads what peers ask for up to 32 MiB at once, and checks pieces however large they are', async () => {
    const MiB = 2 ** 20
    const folder = join(temporaryDirectory(), 'hash')
    const [file] = layout.files
    const files = file ? [{ ...file, sizeBytes: 40 * MiB, offsetBytes: 0 }] : []
    const { get } = storeIn(folder, { ...layout, sizeBytes: 40 * MiB, pieceBytes: 20 * MiB, pieceCount: 2, files })
    mkdirSync(folder)
    writeFileSync(join(folder, '0000-a'), '')
    truncateSync(join(folder, '0000-a'), 40 * MiB)
    const checked = await Promise.all([get(0), get(1, { length: 20 * MiB })])
    expect(checked.map(({ length }) => length)).toEqual([20 * MiB, 20 * MiB])
    const asked = Array.from({ length: 300 }, () => get(0, { offset: 0, length: 128 * 1024 }))
    const answered = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled')
    expect(answered).toHaveLength(256)
    expect(await get(0, { offset: 0, length: 1 })).toHaveLength(1)
  })

  it('makes no file before something is written', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    const { get } = storeIn(folder)
    await expect(get(0)).rejects.toThrow('ENOENT')
    expect(existsSync(folder)).toBe(false)
  })

  it('takes the first write of a file while somebody fails to read it', async () => {
    const { put, get } = storeIn(join(temporaryDirectory(), 'hash'))
    const reads = [get(0), get(1), get(2)].map((read) => read.catch(() => undefined))
    await Promise.all([put(0, piece(10, 1)), put(1, piece(10, 2)), ...reads])
    expect(await get(1)).toEqual(Buffer.alloc(10, 2))
  })

  it('counts whole pieces read, which are those that were checked', async () => {
    const { store, put, get } = storeIn(join(temporaryDirectory(), 'hash'))
    await put(0, piece(10, 1))
    await get(0, { offset: 2, length: 3 })
    await get(0)
    expect(store.wholePiecesRead).toBe(1)
  })

  it('keeps a piece that a full disk refuses, and writes it when there is room', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    mkdirSync(folder)
    symlinkSync('/dev/full', join(folder, '0001-b'))
    const { put, get, events } = storeIn(folder)
    const writing = put(2, piece(5, 3))
    await until(() => events.length > 1, 'a second refusal')
    expect(events).not.toContain('accepted')
    expect(events[0]).toBe('refused ENOSPC')
    rmSync(join(folder, '0001-b'))
    await writing
    expect(events.at(-1)).toBe('accepted')
    expect(await get(2)).toEqual(Buffer.alloc(5, 3))
  })

  it('goes on by itself when the disk takes writes again', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    writeFileSync(folder, 'in the way')
    const { put, get, events } = storeIn(folder)
    const writing = put(2, piece(5, 3))
    await until(() => events.length > 0, 'a refusal')
    rmSync(folder)
    await writing
    expect(events.at(-1)).toBe('accepted')
    expect(await get(2)).toEqual(Buffer.alloc(5, 3))
  })

  it('gives up a waiting write when it is closed', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    writeFileSync(folder, 'in the way')
    const { store, put, events } = storeIn(folder)
    const outcome = expect(put(2, piece(5, 3))).rejects.toThrow()
    await until(() => events.length > 0, 'a refusal')
    store.close()
    await outcome
  })

  it('says when a file on disk is too short', async () => {
    const folder = join(temporaryDirectory(), 'hash')
    const { put, get } = storeIn(folder)
    await put(0, piece(10, 1))
    truncateSync(join(folder, '0000-a'), 3)
    await expect(get(0)).rejects.toThrow('ends before')
  })
})
