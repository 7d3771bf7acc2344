/** How long a torrent gives on. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepsSeeding, SeedingPolicy } from './seeding-policy.ts'

describe('SeedingPolicy', () => {
  it.each<[string, object]>([
    ['off', { kind: 'off' }],
    ['Ratio 1.5', { kind: 'ratio', ratio: 1.5 }],
    ['ratio 2', { kind: 'ratio', ratio: 2 }],
    [' time 120 ', { kind: 'time', minutes: 120 }],
  ])('reads %j', (text, policy) => {
    expect(SeedingPolicy.parse(text)).toEqual(policy)
  })

  it.each(['', 'on', 'ratio', 'ratio -1', 'ratio 1.555', 'time 1.5', 'time', '2', 'off 2'])('refuses %j', (text) => {
    expect(SeedingPolicy.safeParse(text).success).toBe(false)
  })

  it('reads or refuses any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof SeedingPolicy.safeParse(text).success === 'boolean'))
  })

  it.each<[string, string, number, number, number, boolean]>([
    ['off', 'at once', 0, 1000, 0, false],
    ['ratio 1.5', 'with nothing given', 0, 1000, 1e9, true],
    ['ratio 1.5', 'just before', 1499, 1000, 0, true],
    ['ratio 1.5', 'when it is reached', 1500, 1000, 0, false],
    ['ratio 0', 'never', 0, 1000, 0, false],
    ['ratio 9', 'with nothing to give', 0, 0, 0, false],
    ['time 2', 'in time', 0, 1000, 119, true],
    ['time 2', 'after it', 0, 1000, 120, false],
    ['time 2', 'with nothing to give', 0, 0, 0, false],
  ])('%s %s', (policy, _when, uploadedBytes, onDiskBytes, idleSeconds, keeps) => {
    expect(keepsSeeding(SeedingPolicy.parse(policy), { uploadedBytes, onDiskBytes, idleSeconds })).toBe(keeps)
  })
})
