import { describe, expect, it } from 'vitest'
import { iceServers } from './ice-servers.ts'

const now = 1_800_000_000

describe('the operator’s servers', () => {
  it.each<[string, object, object[]]>([
    ['nobody’s without a setting', {}, []],
    ['a STUN server', { STUN_URLS: 'stun:stun.example' }, [{ urls: ['stun:stun.example'] }]],
    [
      'several, and nothing that is none',
      { STUN_URLS: 'stun:a.example:3478, stun:[2001:db8::1]\nhttps://b.example stun:x/y turn:c.example' },
      [{ urls: ['stun:a.example:3478', 'stun:[2001:db8::1]'] }],
    ],
    ['no TURN server without its secret', { TURN_URLS: 'turn:turn.example' }, []],
    ['no TURN server from a STUN setting', { STUN_URLS: 'turn:turn.example', TURN_SECRET: 's' }, []],
  ])('are %s', async (_what, env, expected) => {
    expect(await iceServers({ env, now })).toEqual(expected)
  })

  it('come with credentials as coturn checks them, which end after four hours and name nobody', async () => {
    const env = { TURN_URLS: 'turn:turn.example?transport=udp turns:turn.example:443', TURN_SECRET: 'north' }
    const [[turn], [again]] = [await iceServers({ env, now }), await iceServers({ env, now })]
    expect(turn?.urls).toEqual(['turn:turn.example?transport=udp', 'turns:turn.example:443'])
    const { username = '', credential = '' } = turn ?? {}
    expect(username).toMatch(/^1800014400:[A-Za-z0-9_-]{12}$/)
    expect(again?.username).not.toBe(username)
    const text = new TextEncoder()
    const hmac = { name: 'HMAC', hash: 'SHA-1' }
    const key = await crypto.subtle.importKey('raw', text.encode('north'), hmac, false, ['verify'])
    const mac = Uint8Array.from(atob(credential), (letter) => letter.charCodeAt(0))
    expect(await crypto.subtle.verify('HMAC', key, mac, text.encode(username))).toBe(true)
  })
})
