import { describe, expect, it } from 'vitest'
import { endsSession, goodUntil, isRefreshDue, needsRefresh, nextRefreshInMs } from './refresh-decision.ts'

const now = 1_700_000_000_000
const held = (leftMs: number, accessToken = 'a') => ({ accessToken, goodUntilMs: now + leftMs })

describe('how long a token is good by this clock', () => {
  const expiresAt = now / 1000 + 900
  it.each([
    ['a clock that is right', now],
    ['a clock an hour ahead', now + 3_600_000],
    ['a clock a day behind', now - 86_400_000],
  ])('is fifteen minutes on %s', (_, deviceNow) => {
    expect(goodUntil(expiresAt, new Date(now).toUTCString(), deviceNow)).toBe(deviceNow + 900_000)
  })

  it.each([null, 'yesterday'])('falls back to the own clock when the date is %s', (date) => {
    expect(goodUntil(expiresAt, date, now)).toBe(now + 900_000)
  })
})

describe('before a request', () => {
  it.each([
    ['no token is held', undefined, undefined, true],
    ['the token has long', held(600_000), undefined, false],
    ['the token is nearly over', held(4000), undefined, true],
    ['the token is over', held(-1), undefined, true],
    ['this very token was refused', held(600_000, 'a'), 'a', true],
    ['another token was refused, this one is newer', held(600_000, 'b'), 'a', false],
  ] as const)('when %s', (_, token, refused, expected) => {
    expect(needsRefresh(token, now, refused)).toBe(expected)
  })
})

describe('under the lock of all tabs', () => {
  it.each([
    ['nobody brought a token', undefined, undefined, true],
    ['another tab has just refreshed', held(890_000), undefined, false],
    ['the token is in its last minute', held(55_000), undefined, true],
    ['the refused token is still the only one', held(890_000, 'a'), 'a', true],
    ['another tab replaced the refused token', held(890_000, 'b'), 'a', false],
  ] as const)('when %s', (_, token, refused, expected) => {
    expect(isRefreshDue(token, now, refused)).toBe(expected)
  })
})

it('refreshes a minute ahead, and never in a loop', () => {
  expect(nextRefreshInMs(held(900_000), now)).toBe(840_000)
  expect(nextRefreshInMs(held(10_000), now)).toBe(30_000)
  expect(nextRefreshInMs(held(-900_000), now)).toBe(30_000)
})

it('ends the sign-in only for refusals that mean it', () => {
  for (const code of ['session_ended', 'refresh_reused', 'not_signed_in'] as const) expect(endsSession(code)).toBe(true)
  for (const code of ['unreachable', 'offline', 'internal', 'too_many', 'busy', 'cross_site'] as const)
    expect(endsSession(code)).toBe(false)
})
