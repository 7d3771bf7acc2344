import { expect, it } from 'vitest'
import { edgeSettings } from './edge-process.ts'

const origin = 'http://localhost:8787'

it('lets the admin in with a password alone only while nobody but this machine reaches the edge', () => {
  expect(edgeSettings({ host: '127.0.0.1', origin })).toMatchObject({ REQUIRE_ADMIN_SECOND_FACTOR: 'off' })
  for (const host of ['0.0.0.0', '192.168.1.20', '::', 'localhost']) {
    expect(edgeSettings({ host, origin })).not.toHaveProperty('REQUIRE_ADMIN_SECOND_FACTOR')
  }
})
