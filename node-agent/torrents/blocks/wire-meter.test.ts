/** What the meter says of peers whose behaviour is known. */
import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES } from './swarm-surface.ts'
import { WireMeter } from './wire-meter.ts'

/** A wire that always has eight blocks to bring and brings one every `everyMs`. */
function steady(
  everyMs: number,
  seconds: number,
  meter = new WireMeter(),
  fromMs = 0,
): { meter: WireMeter; nowMs: number } {
  let nowMs = fromMs
  meter.asked(nowMs)
  while (nowMs < fromMs + seconds * 1000) {
    nowMs += everyMs
    meter.arrived(BLOCK_BYTES, nowMs, false)
  }
  return { meter, nowMs }
}

describe('WireMeter', () => {
  it('learns the speed of a wire within a second', () => {
    const { meter, nowMs } = steady(10, 1)
    expect(meter.bytesPerSecond(nowMs) / (BLOCK_BYTES * 100)).toBeCloseTo(1, 0)
  })

  it('remembers the speed while nothing is asked', () => {
    const { meter, nowMs } = steady(10, 2)
    meter.released(nowMs)
    expect(meter.bytesPerSecond(nowMs + 60_000)).toBeCloseTo(meter.bytesPerSecond(nowMs), 0)
  })

  it('trusts a silent wire less with every moment it owes something', () => {
    const { meter, nowMs } = steady(10, 2)
    const speeds = [0, 200, 500, 900].map((silentMs) => meter.bytesPerSecond(nowMs + silentMs))
    expect(speeds).toEqual([...speeds].sort((a, b) => b - a))
    expect(new Set(speeds).size).toBe(4)
  })

  it('calls it stalled after a second, also when what it owed was cancelled, until it brings a block', () => {
    const { meter, nowMs } = steady(10, 2)
    expect(meter.isStalled(nowMs + 500)).toBe(false)
    expect(meter.isStalled(nowMs + 1500)).toBe(true)
    meter.released(nowMs + 1500)
    expect(meter.isStalled(nowMs + 9000)).toBe(true)
    meter.asked(nowMs + 9000)
    meter.arrived(BLOCK_BYTES, nowMs + 9100, true)
    expect(meter.isStalled(nowMs + 9100)).toBe(false)
  })

  it('notices that a wire has become slower', () => {
    const fast = steady(5, 2)
    const before = fast.meter.bytesPerSecond(fast.nowMs)
    const slow = steady(50, 4, fast.meter, fast.nowMs)
    expect(slow.meter.bytesPerSecond(slow.nowMs)).toBeLessThan(before / 5)
  })

  it('believes a short answer at once and a long one only in part', () => {
    const meter = new WireMeter()
    meter.asked(0)
    meter.arrived(BLOCK_BYTES, 80, true, 80)
    expect(meter.latencyMs).toBe(80)
    meter.arrived(BLOCK_BYTES, 200, true, 30)
    expect(meter.latencyMs).toBe(30)
    meter.arrived(BLOCK_BYTES, 700, true, 430)
    expect(meter.latencyMs).toBe(130)
  })
})
