import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { type MadeCacheOptions, openMadeCache } from './made-cache.ts'

const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value)

function open(folder: string, changes: Partial<MadeCacheOptions> = {}) {
  return openMadeCache({
    ...{ folder, mostBytes: 1000, floorBytes: 0, freeBytes: async () => 1e9, log: createLog(() => {}) },
    ...changes,
  })
}
const namesIn = (folder: string) => readdirSync(join(folder, 'g3')).sort()

describe('openMadeCache', () => {
  it('gives what was put, also after a restart', async () => {
    const folder = temporaryDirectory()
    await (await open(folder)).put('a.m4s', bytes(10, 7))
    const again = await open(folder)
    expect(again.has('a.m4s')).toBe(true)
    expect(await again.get('a.m4s')).toEqual(Buffer.from(bytes(10, 7)))
    expect(await again.get('b.m4s')).toBeUndefined()
  })

  it('lets go what was used longest ago, and never takes more than it may', async () => {
    const folder = temporaryDirectory()
    const cache = await open(folder)
    for (const name of ['a', 'b', 'c']) await cache.put(name, bytes(300))
    await cache.get('a')
    await cache.put('d', bytes(300))
    expect(namesIn(folder)).toEqual(['a', 'c', 'd'])
    await cache.put('too-big', bytes(1001))
    expect(namesIn(folder)).toEqual(['a', 'c', 'd'])
    await open(folder, { mostBytes: 350 })
    expect(namesIn(folder)).toEqual(['d'])
  })

  it('stays within its bytes under 50 writers at once', async () => {
    const folder = temporaryDirectory()
    const cache = await open(folder)
    await Promise.all(Array.from({ length: 50 }, (_, n) => cache.put(`f${n % 20}`, bytes(100))))
    expect(namesIn(folder).length).toBeLessThanOrEqual(10)
    expect(namesIn(folder).every((name) => cache.has(name))).toBe(true)
  })

  it('clears what a killed run left half-written, and what an older generation made', async () => {
    const folder = temporaryDirectory()
    mkdirSync(join(folder, 'g3'), { recursive: true })
    mkdirSync(join(folder, 'g0'))
    writeFileSync(join(folder, 'g3', '.unfinished-1234'), bytes(50))
    writeFileSync(join(folder, 'g3', 'whole'), bytes(50))
    await open(folder)
    expect(namesIn(folder)).toEqual(['whole'])
    expect(existsSync(join(folder, 'g0'))).toBe(false)
  })

  it('does not give out a file that lost its end', async () => {
    const folder = temporaryDirectory()
    const cache = await open(folder)
    await cache.put('a', bytes(100))
    truncateSync(join(folder, 'g3', 'a'), 40)
    expect(await cache.get('a')).toBeUndefined()
    expect(cache.has('a')).toBe(false)
  })

  it('keeps nothing when the disk is at its floor, and does not fail for it', async () => {
    const folder = temporaryDirectory()
    const cache = await open(folder, { floorBytes: 500, freeBytes: async () => 550 })
    await cache.put('a', bytes(100))
    expect(cache.has('a')).toBe(false)
    await cache.put('b', bytes(40))
    expect(cache.has('b')).toBe(true)
  })
})
