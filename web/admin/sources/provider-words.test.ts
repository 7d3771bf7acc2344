/** What is said of a provider that answers, fails, or rests. */
import { expect, it } from 'vitest'
import { healthWords, paceWords } from './provider-words.ts'

const nowMs = 1_000_000_000

it.each([
  [undefined, 'Not asked yet.', true],
  [{ failures: 0 }, 'Not asked yet.', true],
  [{ failures: 1, reason: 'timed_out' }, 'Failed once: it took too long.', false],
  [
    { failures: 3, reason: 'busy', benchedUntil: 1_000_300 },
    'Failed 3 times: it asked for patience, and is left alone for 5 minutes.',
    false,
  ],
  [
    { failures: 2, reason: 'refused', benchedUntil: 999_000 },
    'Failed 2 times: it said no; check the address and the key.',
    false,
  ],
  [{ failures: 1, reason: 'of tomorrow' }, 'Failed once: for a reason that only the log of the box tells.', false],
])('of %j', (health, text, isWell) => {
  expect(healthWords(health, nowMs)).toEqual({ text, isWell })
})

it('when it answered last', () => {
  const { text, isWell } = healthWords({ failures: 0, repliedAt: nowMs / 1000 - 120 }, nowMs)
  expect([text.startsWith('Answered '), isWell]).toEqual([true, true])
})

it('how gently it is asked', () => {
  expect(paceWords({ requestsPerSecond: { background: 1 / 3, awaited: 2 } })).toBe(
    'At most 2 a second while somebody waits, and one in 3 seconds otherwise.',
  )
})
