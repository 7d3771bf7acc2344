import { describe, expect, it } from 'vitest'
import { diskShares } from './disk-shares.ts'

describe('diskShares', () => {
  it.each([
    ['no quota', undefined, 4e9, { downloadBytes: undefined, madeBytes: 4e9 }],
    ['a quota far above what may be made', 200e9, 4e9, { downloadBytes: 196e9, madeBytes: 4e9 }],
    ['a small quota, most of it for downloads', 1e9, 4e9, { downloadBytes: 750e6, madeBytes: 250e6 }],
  ])('shares %s', (_what, quota, made, shares) => {
    expect(diskShares(quota, made)).toEqual(shares)
  })
})
