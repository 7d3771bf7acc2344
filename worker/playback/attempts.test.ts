/** The order of attempts, and what a failure says of the rest. */
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '#protocol/errors.ts'
import type { Source } from '../catalog/titles.ts'
import { planAttempts, worthTrying } from './attempts.ts'

const source = (id: string, agentId: string | null = null) => ({ id, agentId }) as Source
const [one, two] = [source('one'), source('two')]
const pairs = (attempts: ReturnType<typeof planAttempts>) => attempts.map((a) => `${a.source.id}@${a.agentId}`)

describe('attempts', () => {
  it('go source by source, each over all agents', () => {
    expect(pairs(planAttempts([one, two], ['a', 'b']))).toEqual(['one@a', 'one@b', 'two@a', 'two@b'])
  })

  it('begin at the agent that offered the source', () => {
    expect(pairs(planAttempts([source('one', 'b')], ['a', 'b', 'c']))).toEqual(['one@b', 'one@a', 'one@c'])
  })

  it('come to pairs that failed before only at the end, the longest ago first', () => {
    const failures = [
      { agentId: 'a', sourceId: 'one', at: 20 },
      { agentId: 'b', sourceId: 'one', at: 10 },
    ]
    expect(pairs(planAttempts([one, two], ['a', 'b'], failures))).toEqual(['two@a', 'two@b', 'one@b', 'one@a'])
  })

  it('come back to the only pair there is', () => {
    expect(pairs(planAttempts([one], ['a'], [{ agentId: 'a', sourceId: 'one', at: 20 }]))).toEqual(['one@a'])
  })

  it('ask no other agent for a file of one’s own', () => {
    const own = source('own', 'b')
    expect(pairs(planAttempts([own, two], ['a', 'b'], [], new Set(['own'])))).toEqual(['own@b', 'two@a', 'two@b'])
    expect(planAttempts([own], ['a'], [], new Set(['own']))).toEqual([])
  })

  it('are never more than a person would wait for', () => {
    const many = Array.from({ length: 10 }, (_, i) => source(String(i)))
    expect(planAttempts(many, ['a', 'b', 'c'])).toHaveLength(6)
  })

  it.each<[ErrorCode, string[]]>([
    ['agent_offline', ['one@b', 'two@b']],
    ['vpn_down', ['one@b', 'two@b']],
    ['disk_full', ['one@b', 'two@b']],
    ['no_playable_file', ['two@a', 'two@b']],
    ['no_peers', ['one@b', 'two@a', 'two@b']],
    ['timed_out', ['one@b', 'two@a', 'two@b']],
  ])('after %s go on with what it leaves', (code, expected) => {
    const [failed, ...rest] = planAttempts([one, two], ['a', 'b'])
    if (!failed) throw new Error('nothing planned')
    expect(pairs(worthTrying(rest, failed, code))).toEqual(expected)
  })
})
