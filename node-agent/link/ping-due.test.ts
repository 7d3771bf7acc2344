/** When the line to the hub is tested: in turn, and whenever it may have died unseen. */
import { describe, expect, it } from 'vitest'
import { pingDue } from './ping-due.ts'

const rule = { everyMs: 25_000, lookEveryMs: 5000 }
const before = { pingedAtMs: 100_000, lookedAtMs: 110_000, addresses: '10.0.0.2' }

describe('pingDue', () => {
  it.each([
    ['not between two turns', { nowMs: 115_000, addresses: '10.0.0.2' }, false],
    ['at its turn', { nowMs: 125_000, addresses: '10.0.0.2' }, true],
    ['not for one look that came late', { nowMs: 124_000, addresses: '10.0.0.2' }, false],
    ['after looks were missed', { nowMs: 110_000 + 15_000, addresses: '10.0.0.2' }, true],
    ['after a night', { nowMs: 110_000 + 8 * 3600_000, addresses: '10.0.0.2' }, true],
    ['when the clock was set back', { nowMs: 50_000, addresses: '10.0.0.2' }, true],
    ['with another address', { nowMs: 115_000, addresses: '192.168.1.7' }, true],
    ['without any address', { nowMs: 115_000, addresses: '' }, true],
  ])('%s', (_when, now, isDue) => {
    const seen = pingDue(before, now, rule)
    const { nowMs, addresses } = now
    expect(seen).toEqual({
      isDue,
      next: { addresses, lookedAtMs: nowMs, pingedAtMs: isDue ? nowMs : 100_000 },
    })
  })

  it('pings once for one change, and in turn from there', () => {
    const moved = pingDue(before, { nowMs: 115_000, addresses: '192.168.1.7' }, rule).next
    expect(pingDue(moved, { nowMs: 120_000, addresses: '192.168.1.7' }, rule).isDue).toBe(false)
    expect(pingDue({ ...moved, lookedAtMs: 135_000 }, { nowMs: 140_000, addresses: '192.168.1.7' }, rule).isDue).toBe(
      true,
    )
  })
})
