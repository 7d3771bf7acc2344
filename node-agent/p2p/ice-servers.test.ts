import { describe, expect, it } from 'vitest'
import { nativeServers } from './ice-servers.ts'

const secrets = { username: '1:a', credential: 'c' }
const turn = { username: '1:a', password: 'c', relayType: 'TurnUdp' }

describe('the operator’s servers', () => {
  it.each([
    ['stun:stun.example', [{ hostname: 'stun.example', port: 3478 }]],
    ['stun:[2001:db8::1]:19302', [{ hostname: '2001:db8::1', port: 19302 }]],
    ['turn:192.0.2.1:3479', [{ hostname: '192.0.2.1', port: 3479, ...turn }]],
    ['turn:turn.example?transport=udp', [{ hostname: 'turn.example', port: 3478, ...turn }]],
    ['turn:turn.example?transport=tcp', []],
    ['turns:turn.example', []],
    ['https://turn.example', []],
  ])('are, of %s, those that UDP reaches', (text, expected) => {
    expect(nativeServers([{ urls: [text], ...secrets }])).toEqual(expected)
  })

  it('leave out a TURN server without credentials', () => {
    expect(nativeServers([{ urls: ['turn:turn.example', 'stun:turn.example'] }])).toEqual([
      { hostname: 'turn.example', port: 3478 },
    ])
  })
})
