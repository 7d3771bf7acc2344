/** Where the agent can be reached, and when a change is worth a message. */
import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { isWorthTelling, reachableAt } from './capabilities.ts'

const one = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false) =>
  ({ address, family, internal }) as NetworkInterfaceInfo
const interfaces = {
  lo: [one('127.0.0.1', 'IPv4', true), one('::1', 'IPv6', true)],
  eth0: [one('192.168.1.20'), one('fe80::1', 'IPv6')],
  wlan0: [one('192.168.1.20'), one('10.0.0.5')],
  none: undefined,
}

describe('reachableAt', () => {
  it.each([
    ['0.0.0.0', false, ['http://192.168.1.20:8788', 'http://10.0.0.5:8788', 'http://localhost:8788']],
    ['::', true, ['https://192.168.1.20:8788', 'https://10.0.0.5:8788', 'https://localhost:8788']],
    ['127.0.0.1', false, ['http://127.0.0.1:8788']],
    ['::1', false, ['http://[::1]:8788']],
    ['nas.local', true, ['https://nas.local:8788']],
  ])('finds the origins of %s', (host, isSecure, expected) => {
    expect(reachableAt({ host, port: 8788, isSecure }, interfaces)).toEqual(expected)
  })

  it('writes a default port as a browser does', () => {
    expect(reachableAt({ host: '127.0.0.1', port: 80, isSecure: false }, {})).toEqual(['http://127.0.0.1'])
  })
})

describe('isWorthTelling', () => {
  const GiB = 1024 ** 3
  const told = {
    name: 'Attic',
    softwareVersion: '1',
    addresses: ['http://localhost:1'],
    relay: true,
    ffmpeg: false,
    vpn: { policy: 'off' as const, state: 'unknown' as const },
    disk: { freeBytes: 100 * GiB, usedBytes: 0 },
    load: { streams: 1, mostStreams: 3, makings: 0, mostMakings: 1 },
  }
  it.each([
    ['nothing', {}, false],
    ['a few bytes of disk', { disk: { freeBytes: 100 * GiB - 1000, usedBytes: 1000 } }, false],
    ['a GiB of disk', { disk: { freeBytes: 99 * GiB, usedBytes: GiB } }, true],
    ['an address', { addresses: ['http://localhost:2'] }, true],
    ['ffmpeg', { ffmpeg: true }, true],
    ['one more stream of many', { load: { streams: 2, mostStreams: 3, makings: 0, mostMakings: 1 } }, false],
    ['the last stream there was room for', { load: { streams: 3, mostStreams: 3, makings: 0, mostMakings: 1 } }, true],
    ['the last stream that ended', { load: { streams: 0, mostStreams: 3, makings: 0, mostMakings: 1 } }, true],
    ['the last film that can be made', { load: { streams: 1, mostStreams: 3, makings: 1, mostMakings: 1 } }, true],
    ['being about to stop', { isLeaving: true }, true],
  ])('decides for a change of %s', (_what, change, expected) => {
    expect(isWorthTelling(told, { ...told, ...change })).toBe(expected)
  })
})
