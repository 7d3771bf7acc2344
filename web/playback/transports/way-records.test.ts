import { beforeEach, describe, expect, it } from 'vitest'
import { WayRecords } from './way-records.ts'

let nowMs = 0
let records: WayRecords
beforeEach(() => {
  nowMs = 100_000
  records = new WayRecords(() => nowMs)
})
const failures = () => records.all.get('direct')?.failures

describe('what a way home has shown', () => {
  it('counts what fails together as one break, and what fails again as another', () => {
    records.failed('direct')
    nowMs += 1000
    records.note({ transport: 'direct', outcome: 'silent', afterMs: 1 })
    expect(failures()).toBe(1)
    nowMs += 5000
    records.note({ transport: 'direct', outcome: 'refused', afterMs: 1 })
    expect(failures()).toBe(2)
  })

  it('is forgiven once it has carried the film for a minute, not by one answer', () => {
    records.failed('direct')
    nowMs += 10_000
    records.note({ transport: 'direct', outcome: 'answers', afterMs: 1 })
    const sinceMs = nowMs
    nowMs += 59_000
    records.carried('direct', sinceMs)
    expect(failures()).toBe(1)
    nowMs += 1000
    records.carried('direct', sinceMs)
    expect(failures()).toBe(0)
  })

  it('is ready for a minute after an answer, and not after a break', () => {
    expect(records.isReady('relay')).toBe(false)
    records.note({ transport: 'relay', outcome: 'answers', afterMs: 1 })
    expect(records.isReady('relay')).toBe(true)
    nowMs += 60_000
    expect(records.isReady('relay')).toBe(false)
    records.note({ transport: 'relay', outcome: 'answers', afterMs: 1 })
    records.failed('relay')
    expect(records.isReady('relay')).toBe(false)
  })

  it('forgets how fast it was', () => {
    records.notePace('p2p', 1000)
    expect(records.paceOf('p2p')).toBe(1000)
    nowMs += 60_000
    expect(records.paceOf('p2p')).toBeUndefined()
  })

  it('is told in the order of preference, each by its last answer', () => {
    records.note({ transport: 'relay', outcome: 'answers', afterMs: 1 })
    records.note({ transport: 'direct', outcome: 'silent', afterMs: 1 })
    records.note({ transport: 'relay', outcome: 'refused', afterMs: 1 })
    expect(records.tried.map(({ transport, outcome }) => [transport, outcome])).toEqual([
      ['direct', 'silent'],
      ['relay', 'refused'],
    ])
  })
})
