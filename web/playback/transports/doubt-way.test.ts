import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import type { Transport } from '#protocol/stream-url.ts'
import { doubtWay, type Said } from './doubt-way.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const refusal = new AppError('token_revoked', 'It has ended.')
const after = <Value>(milliseconds: number, value: Value): Promise<Value> =>
  new Promise((done) => setTimeout(() => done(value), milliseconds))

type Case = { says: [number, Said]; hears?: boolean; other?: [number, Transport | 'none'] }

/** What comes of it, and what became of the connection that was set aside. */
async function doubt({ says, hears = false, other: [otherMs, other] = [60_000, 'none'] }: Case) {
  const link = { was: 'untouched' }
  const become = (was: string) => () => {
    link.was = was
  }
  const told = doubtWay({
    ask: () => after(...says),
    hears: () => hears,
    setAside: () => {
      become('aside')()
      return { keep: become('kept'), drop: become('dropped') }
    },
    findAnother: async () => {
      const found = await after(otherMs, other)
      if (found === 'none') throw new Error('No way leads home.')
      return found
    },
  }).catch((error: unknown) => (error instanceof AppError ? error.code : error))
  await vi.advanceTimersByTimeAsync(70_000)
  return [await told, link.was]
}

describe('a way in doubt', () => {
  it.each<[string, Case, unknown, string]>([
    ['that answers at once is well', { says: [600, 'answers'] }, undefined, 'untouched'],
    ['that refuses at once is left with what it says', { says: [600, refusal] }, 'token_revoked', 'untouched'],
    ['that fails at once is silent', { says: [5, 'silent'], other: [10, 'relay'] }, 'silent', 'untouched'],
    [
      'by which bytes come has its time',
      { says: [1900, 'answers'], hears: true, other: [10, 'relay'] },
      undefined,
      'untouched',
    ],
    ['that answers late, but first, is well', { says: [1000, 'answers'], other: [900, 'relay'] }, undefined, 'kept'],
    ['gives way to what answers first', { says: [2000, 'silent'], other: [300, 'relay'] }, 'relay', 'dropped'],
    ['is taken by a connection more', { says: [1900, 'answers'], other: [400, 'p2p'] }, 'p2p', 'dropped'],
    [
      'gives way to what answers after it was given up',
      { says: [2000, 'silent'], other: [5000, 'p2p'] },
      'p2p',
      'dropped',
    ],
    ['is silent where all are', { says: [2000, 'silent'], other: [5000, 'none'] }, 'silent', 'dropped'],
    ['refuses where nothing else answers', { says: [1000, refusal] }, 'token_revoked', 'dropped'],
    ['says nothing of an agent that was left meanwhile', { says: [1000, 'moved'] }, undefined, 'kept'],
  ])('%s', async (_which, one, found, link) => {
    expect(await doubt(one)).toEqual([found, link])
  })
})
