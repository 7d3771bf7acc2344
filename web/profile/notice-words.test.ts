import { expect, it } from 'vitest'
import { noticeWords } from './notice-words.ts'

const kinds = [
  'new_device',
  'device_left',
  'key_reused',
  'password_changed',
  'factor_enrolled',
  'factor_removed',
  'recovery_codes_low',
  'identity_linked',
  'identity_unlinked',
  'role_changed',
  'tv_approved',
  'sessions_ended_by_admin',
  'agent_vpn_down',
]

it.each(kinds)('has words of its own for %s, whatever is missing from its details', (kind) => {
  const { title } = noticeWords(kind, {})
  expect(title).toMatch(/^\S.*\.$/)
  expect(title).not.toBe(noticeWords('a kind of tomorrow', {}).title)
  expect(title).not.toMatch(/undefined|null|_/)
})

it('says which device came, and from where', () => {
  const { title, text } = noticeWords('new_device', { device: 'Firefox on Linux', place: 'Bern' })
  expect(`${title} ${text}`).toBe('Signed in on a new device: Firefox on Linux. From Bern,')
})
