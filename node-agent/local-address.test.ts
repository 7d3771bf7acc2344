/** Which hosts count as the home network's own. */
import { describe, expect, it } from 'vitest'
import { isLocalHost } from './local-address.ts'

describe('isLocalHost', () => {
  it.each([
    'localhost',
    'LOCALHOST.',
    'app.localhost',
    'nas',
    'nas.local',
    'box.home.arpa',
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '[::1]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:7f00:1]',
  ])('says that %s is local', (host) => {
    expect(isLocalHost(host)).toBe(true)
  })

  it.each([
    'example.org',
    'local.example.org',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '[2001:db8::1]',
    '193.168.1.1',
    'localhost.example.org',
  ])('says that %s is not', (host) => {
    expect(isLocalHost(host)).toBe(false)
  })
})
