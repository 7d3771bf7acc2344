/** Metadata that is kept before anybody plays it: sealed, found only by who sealed it, and told to nobody else. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openState } from '../../state/state.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { createSealedMetadata } from './sealed-metadata.ts'

const secret = Buffer.alloc(32, 7)
const [hash, other] = ['ab'.repeat(20), 'cd'.repeat(20)]
const info = Buffer.from('d6:lengthi5e4:name20:A Film Nobody May Seee')

const inMemory = () => {
  const rows = new Map<string, Uint8Array>()
  return {
    rows,
    keep: (id: string, sealed: Uint8Array) => void rows.set(id, sealed),
    find: (id: string) => rows.get(id),
  }
}

describe('sealed metadata', () => {
  it('comes back whole after a restart, and stands nowhere in clear', () => {
    const directory = temporaryDirectory()
    const state = openState(directory)
    createSealedMetadata(state.torrentBlobs, secret).keep(hash, info)
    state.close()
    const files = readdirSync(directory).map((name) => readFileSync(join(directory, name)))
    for (const bytes of files) {
      expect(bytes.includes('Nobody May See')).toBe(false)
      expect(bytes.includes(hash)).toBe(false)
    }
    const again = openState(directory)
    expect(Buffer.from(createSealedMetadata(again.torrentBlobs, secret).find(hash) ?? [])).toEqual(info)
    again.close()
  })

  it('is nothing to another hash, to another key, and after a byte has changed', () => {
    const state = inMemory()
    const mine = createSealedMetadata(state, secret)
    mine.keep(hash, info)
    expect(mine.find(other)).toBeUndefined()
    expect(createSealedMetadata(state, Buffer.alloc(32, 8)).find(hash)).toBeUndefined()
    const [[id, sealed]] = [...state.rows] as [[string, Uint8Array]]
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const spoilt = Buffer.from(sealed)
        spoilt[at] = (spoilt[at] ?? 0) ^ change
        state.rows.set(id, spoilt)
        expect(mine.find(hash)).toBeUndefined()
      }),
    )
    state.rows.set(id, sealed.subarray(0, 10))
    expect(mine.find(hash)).toBeUndefined()
  })

  it('cannot be moved under the name of another', () => {
    const state = inMemory()
    const mine = createSealedMetadata(state, secret)
    mine.keep(hash, info)
    mine.keep(other, info)
    const [one, two] = [...state.rows] as [[string, Uint8Array], [string, Uint8Array]]
    state.rows.set(one[0], two[1])
    expect(mine.find(hash)).toBeUndefined()
  })

  it('is not kept when it is larger than any film’s', () => {
    const state = inMemory()
    createSealedMetadata(state, secret).keep(hash, new Uint8Array(3_000_000))
    expect(state.rows.size).toBe(0)
  })

  it('goes after half a year, and when there is too much of it', () => {
    const state = openState(temporaryDirectory())
    const day = 86_400
    for (let i = 0; i < 505; i++) state.torrentBlobs.keep(`id ${i}`, info, i * 100)
    state.torrentBlobs.tidy(1000)
    expect([4, 5].map((i) => state.torrentBlobs.find(`id ${i}`) !== undefined)).toEqual([false, true])
    state.torrentBlobs.tidy(180 * day + 50_001)
    expect(state.torrentBlobs.find('id 500')).toBeUndefined()
    expect(state.torrentBlobs.find('id 501')).toBeDefined()
    state.close()
  })
})
