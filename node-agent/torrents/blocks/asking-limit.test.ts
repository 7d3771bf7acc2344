/** What one torrent may ask for when its speed is limited. */
import { describe, expect, it } from 'vitest'
import { askingLimit } from './asking-limit.ts'

const KiB = 1024
const blocks = Array.from({ length: 8 }, (_, block) => ({
  ...{ wireId: 1, piece: 0, block, blocks: 1 },
  lengthBytes: 16 * KiB,
}))

describe('askingLimit', () => {
  it('lets all be asked for without a limit', () => {
    expect(askingLimit(undefined, () => 0).within(blocks, () => 1e9)).toBe(blocks)
  })

  it('counts what is on its way until it arrives, and what has arrived until its time is over', () => {
    let nowMs = 0
    const limit = askingLimit(64 * KiB, () => nowMs)
    expect(limit.within(blocks, () => 0)).toEqual(blocks.slice(0, 4))
    expect(limit.within(blocks, () => 64 * KiB)).toEqual([])
    expect(limit.within(blocks, () => 32 * KiB)).toEqual(blocks.slice(0, 2))
    limit.arrived(64 * KiB)
    expect(limit.within(blocks, () => 0)).toEqual([])
    nowMs += 500
    expect(limit.within(blocks, () => 0)).toEqual(blocks.slice(0, 2))
  })

  it('lets one block pass however low it is', () => {
    let nowMs = 0
    const limit = askingLimit(1, () => nowMs)
    expect(limit.within(blocks, () => 0)).toEqual(blocks.slice(0, 1))
    limit.arrived(16 * KiB)
    nowMs += 10_000
    expect(limit.within(blocks, () => 0)).toEqual([])
  })
})
