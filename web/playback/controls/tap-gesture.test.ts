import { describe, expect, it } from 'vitest'
import { readTap, type TapBurst } from './tap-gesture.ts'

/** Taps as [when, how far across]; gives what each meant and how many jumps the burst has by then. */
function tap(...taps: [number, number][]) {
  let burst: TapBurst | undefined
  return taps.map(([atMs, share]) => {
    const read = readTap(burst, { atMs, share })
    burst = read.burst
    return `${read.meaning} ${read.burst.side} ${read.burst.jumps}`
  })
}

describe('taps on the picture', () => {
  it('one shows or hides the controls', () => {
    expect(tap([0, 0.5])).toEqual(['toggle-controls middle 0'])
  })

  it('two at a side jump, and each further one jumps again', () => {
    expect(tap([0, 0.9], [200, 0.9], [600, 0.85], [1100, 0.9])).toEqual([
      'toggle-controls end 0',
      'jump end 1',
      'jump end 2',
      'jump end 3',
    ])
    expect(tap([0, 0.1], [250, 0.2])[1]).toBe('jump start 1')
  })

  it('two slow ones are two single ones', () => {
    expect(tap([0, 0.9], [400, 0.9])[1]).toBe('toggle-controls end 0')
  })

  it('one at each side is no pair', () => {
    expect(tap([0, 0.1], [200, 0.9])[1]).toBe('toggle-controls end 0')
  })

  it('two in the middle ask for full screen', () => {
    expect(tap([0, 0.5], [200, 0.5])[1]).toBe('toggle-fullscreen middle 0')
  })
})
