import { describe, expect, it } from 'vitest'
import { afterRepair, type Look, noStall, type Stall, type StallAction, watchStall } from './stall-watch.ts'

/** Looks once a second for `seconds`; gives each action with the second at which it was asked for. */
function watch(seconds: number, look: (second: number) => Partial<Look>, from: Stall = noStall(0)) {
  let stall = from
  const actions: [number, StallAction][] = []
  for (let second = 1; second <= seconds; second++) {
    const nowMs = second * 1000
    const base = { nowMs, positionSeconds: 10, wantsToPlay: true, heardMs: 0, isSilent: false }
    const seen = watchStall(stall, { ...base, ...look(second) })
    stall = seen.stall
    if (seen.action !== 'none') actions.push([second, seen.action])
  }
  return { actions, stall }
}

describe('a film that does not move', () => {
  it('is left alone while it plays', () => {
    const { actions, stall } = watch(60, (second) => ({ positionSeconds: second }))
    expect(actions).toEqual([])
    expect(stall.runningSinceMs).toBe(1000)
  })

  it('is left alone while a person holds it', () => {
    expect(watch(600, () => ({ wantsToPlay: false })).actions).toEqual([])
  })

  it('has a silent home asked soon, and again and again', () => {
    const asked = watch(16, () => ({})).actions
    expect(asked).toEqual([
      [6, 'ask'],
      [11, 'ask'],
      [16, 'ask'],
    ])
  })

  it('has home asked at once when its feed has just broken off', () => {
    expect(watch(4, () => ({ isSilent: true })).actions[0]).toEqual([3, 'ask'])
  })

  it('waits for slow peers while home still talks, then reloads once, then moves once', () => {
    const { actions } = watch(300, (second) => ({ heardMs: second * 1000 }))
    expect(actions).toEqual([
      [21, 'reload'],
      [46, 'move'],
    ])
  })

  it('does not reload again after a repair that landed in the same place', () => {
    const { stall } = watch(21, (second) => ({ heardMs: second * 1000 }))
    const repaired = afterRepair(stall, 22_000, false)
    const { actions } = watch(80, (second) => ({ heardMs: second * 1000, positionSeconds: 10.05 }), repaired)
    expect(actions).toEqual([[67, 'move']])
  })

  it('gives an element that goes on by itself five seconds', () => {
    const resuming = afterRepair({ ...noStall(0), positionSeconds: 10 }, 0, true)
    expect(watch(10, (second) => ({ heardMs: second * 1000 }), resuming).actions).toEqual([[5, 'reload']])
  })
})
