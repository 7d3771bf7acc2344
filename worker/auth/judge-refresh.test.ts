/** Every case of a refresh token that lost the update. */
import { expect, it } from 'vitest'
import { judgeRefresh } from './judge-refresh.ts'

const row = { generation: 5, rotatedAt: 1000, revokedAt: null, idleExpiresAt: 9000, absoluteExpiresAt: 9999 }

it.each([
  ['the one before, at once, gets the current one', 4, row, 1000, 'current_again'],
  ['the one before, at the end of the grace, too', 4, row, 1010, 'current_again'],
  ['the one before, after the grace, is reuse', 4, row, 1011, 'reused'],
  ['two before is reuse at any time', 3, row, 1000, 'reused'],
  ['the first of all is reuse', 0, row, 1000, 'reused'],
  ['a generation never made is forged', 6, row, 1000, 'forged'],
  ['the current one that still lost is forged', 5, row, 1000, 'forged'],
  ['no such session', 4, undefined, 1000, 'ended'],
  ['a revoked session', 4, { ...row, revokedAt: 999 }, 1000, 'ended'],
  ['a session left idle', 4, row, 9000, 'ended'],
  ['a session past its absolute end', 4, { ...row, idleExpiresAt: 99_999 }, 9999, 'ended'],
])('%s', (_name, presented, session, now, verdict) => {
  expect(judgeRefresh(presented, session, now)).toBe(verdict)
})
