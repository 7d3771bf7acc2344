/** Packed blocks, honest and made to burst. */
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MOST_UNPACKED_BYTES, unpackBlock, unpackBlocks } from './unpack-block.ts'

const bomb = (unpackedBytes: number) => deflateSync(Buffer.alloc(unpackedBytes))

describe('unpackBlock', () => {
  it('gives what was packed, by each way of packing', () => {
    const data = Buffer.from('Guten Tag')
    expect(unpackBlock(data, undefined)).toBe(data)
    expect(unpackBlock(deflateSync(data), 'zlib')).toEqual(data)
    expect(unpackBlock(data.subarray(6), { strip: data.subarray(0, 6).toString('base64') })).toEqual(data)
  })

  it('gives nothing of what is damaged, or bursts', () => {
    expect(unpackBlock(Buffer.from('no zlib'), 'zlib')).toBeUndefined()
    expect(unpackBlock(bomb(MOST_UNPACKED_BYTES + 1), 'zlib')).toBeUndefined()
  })
})

it('unpacks no more of a window than it may hold, however many blocks of it burst', () => {
  const blocks = Array.from({ length: 200 }, () => ({ data: bomb(1_000_000) }))
  const unpacked = unpackBlocks(blocks, 'zlib', 10_500_000)
  expect(unpacked.map((one) => one?.length)).toEqual([
    ...Array.from({ length: 10 }, () => 1_000_000),
    ...Array.from({ length: 190 }, () => undefined),
  ])
})
