import { describe, expect, it } from 'vitest'
import type { Transport } from '#protocol/stream-url.ts'
import { restAfter, spareFor, type WayRecord, worthTrying } from './when-to-try.ts'

const all = new Set<Transport>(['direct', 'p2p', 'relay'])
const records = (known: Partial<Record<Transport, WayRecord>>) =>
  new Map(Object.entries(known) as [Transport, WayRecord][])
const failed = (failures: number, failedMs: number): WayRecord => ({ failures, failedMs })
const NOW = 1_000_000

describe('what is tried again', () => {
  it.each<[string, Transport, Set<Transport>, Partial<Record<Transport, WayRecord>>, Transport[]]>([
    ['nothing beside the best', 'direct', all, {}, []],
    ['whatever is better than the relay', 'relay', all, {}, ['direct', 'p2p']],
    ['only what is offered', 'relay', new Set<Transport>(['p2p', 'relay']), {}, ['p2p']],
    ['not what has just failed', 'relay', all, { direct: failed(1, NOW - 4000) }, ['p2p']],
    ['what failed a while ago', 'p2p', all, { direct: failed(1, NOW - 5000) }, ['direct']],
    ['not so soon what failed often', 'p2p', all, { direct: failed(3, NOW - 19_000) }, []],
  ])('%s', (_, current, offered, known, expected) =>
    expect(worthTrying(current, offered, records(known), NOW)).toEqual(expected),
  )

  it('waits twice as long after each failure, and never longer than five minutes', () => {
    expect([0, 1, 2, 3, 40].map(restAfter)).toEqual([0, 5000, 10_000, 20_000, 300_000])
  })
})

describe('what stands ready', () => {
  it.each<[string, Transport, Set<Transport>, Partial<Record<Transport, WayRecord>>, Transport | undefined]>([
    ['the best of the others', 'direct', all, {}, 'p2p'],
    ['the relay beside peer to peer when direct has failed', 'p2p', all, { direct: failed(2, NOW - 1000) }, 'relay'],
    ['what failed last resort, when all have', 'relay', all, { direct: failed(1, NOW), p2p: failed(1, NOW) }, 'p2p'],
    ['nothing when there is one way only', 'direct', new Set<Transport>(['direct']), {}, undefined],
  ])('%s', (_, current, offered, known, expected) =>
    expect(spareFor(current, offered, records(known), NOW)).toBe(expected),
  )
})
