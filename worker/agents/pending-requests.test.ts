/** Each request is settled exactly once, whatever comes in which order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { pendingRequests, type Settled } from './pending-requests.ts'

const recorder = () => {
  const settled: Settled<string>[] = []
  return { settled, asker: { settle: (one: Settled<string>) => void settled.push(one), stage: () => undefined } }
}

describe('pending requests', () => {
  it('settle at their deadline and not before', () => {
    const pending = pendingRequests<string>()
    const { settled, asker } = recorder()
    pending.add('a', 1000, asker)
    expect(pending.expire(999)).toEqual([])
    expect(pending.expire(1000)).toEqual(['a'])
    expect(settled).toMatchObject([{ ok: false, error: { code: 'timed_out' } }])
  })

  it('pass stages on only while they wait', () => {
    const pending = pendingRequests<string>()
    const stages: string[] = []
    pending.add('a', 1000, { settle: () => undefined, stage: (stage) => stages.push(stage) })
    pending.stage('a', 'finding', 0)
    pending.settle('a', { ok: true, value: '{}' })
    pending.stage('a', 'ready', 1)
    expect(stages).toEqual(['finding'])
  })

  it('cannot be settled again by what their own settling sets off', () => {
    const pending = pendingRequests<string>()
    let times = 0
    pending.add('a', 1000, {
      settle: () => {
        times++
        pending.settleAll(new AppError('agent_offline', 'gone'))
      },
      stage: () => undefined,
    })
    pending.settle('a', { ok: true, value: '{}' })
    expect(times).toBe(1)
  })

  it('refuse an id that is in use', () => {
    const pending = pendingRequests<string>()
    pending.add('a', 1000, recorder().asker)
    expect(() => pending.add('a', 2000, recorder().asker)).toThrow(TypeError)
  })

  it('are settled exactly once over any order of replies, refusals, deadlines and lost sockets', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('reply' as const), id: fc.nat({ max: 4 }) }),
      fc.record({ kind: fc.constant('time' as const), at: fc.nat({ max: 50 }) }),
      fc.record({ kind: fc.constant('lost' as const) }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const pending = pendingRequests<string>()
        const recorders = Array.from({ length: 5 }, recorder)
        for (const [id, { asker }] of recorders.entries()) pending.add(String(id), id * 10, asker)
        for (const one of [...events, { kind: 'lost' as const }]) {
          if (one.kind === 'reply') pending.settle(String(one.id), { ok: true, value: '{}' })
          if (one.kind === 'time') pending.expire(one.at)
          if (one.kind === 'lost') pending.settleAll(new AppError('agent_offline', 'gone'))
        }
        expect(recorders.map(({ settled }) => settled.length)).toEqual([1, 1, 1, 1, 1])
      }),
    )
  })
})
