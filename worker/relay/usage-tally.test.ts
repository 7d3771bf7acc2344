/** When the relay writes down what it carried. */
import { describe, expect, it } from 'vitest'
import { newUsageTally } from './usage-tally.ts'

const MiB = 1024 * 1024

function tallying() {
  const written: number[] = []
  const clock = { nowMs: 0 }
  const due: { atMs: number; work: () => void }[] = []
  const tally = newUsageTally(async (bytes) => void written.push(bytes), {
    now: () => clock.nowMs,
    later: (work, afterMs) => due.push({ atMs: clock.nowMs + afterMs, work }),
  })
  const pass = (ms: number) => {
    clock.nowMs += ms
    for (const one of due.splice(0)) {
      if (one.atMs <= clock.nowMs) one.work()
      else due.push(one)
    }
  }
  return { tally, written, pass }
}

describe('the tally of a viewer', () => {
  it('is written after the first answer, and then once a minute for a hundred segments', () => {
    const { tally, written, pass } = tallying()
    for (let segment = 0; segment < 100; segment++) {
      tally.add(MiB)
      tally.answered()
      pass(6000)
    }
    pass(60_000)
    expect(written.reduce((sum, bytes) => sum + bytes, 0)).toBe(100 * MiB)
    expect(written[0]).toBe(MiB)
    expect(written.length).toBe(11)
  })

  it('is written within a long answer', () => {
    const { tally, written } = tallying()
    for (let piece = 0; piece < 1024; piece++) tally.add(MiB)
    expect(written).toEqual([256 * MiB, 256 * MiB, 256 * MiB, 256 * MiB])
  })

  it('writes nothing where nothing passed', () => {
    const { tally, written, pass } = tallying()
    tally.answered()
    pass(600_000)
    expect(written).toEqual([])
  })
})
