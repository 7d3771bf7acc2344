import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOffer } from './read-offer.ts'

const fingerprint = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`
const lines = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 192.168.1.20 51622 typ host generation 0',
  'a=candidate:2 1 udp 2113937151 6d3d-4f6c.local 51623 typ host generation 0',
  'a=ice-ufrag:c/Zx',
  'a=ice-pwd:1r2mEexc9tbx+mVRX6xOZuyN',
  'a=ice-options:trickle',
  fingerprint,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
]
const offer = (change: (lines: string[]) => string[] = (same) => same) => `${change([...lines]).join('\r\n')}\r\n`

describe('an offer', () => {
  it('keeps what a data channel needs, and of the candidates those that are addresses', () => {
    const kept = readOffer(offer()).split('\r\n')
    expect(kept).toContain('a=candidate:1 1 udp 2113937151 192.168.1.20 51622 typ host generation 0')
    for (const line of ['a=ice-ufrag:c/Zx', fingerprint, 'a=mid:0', 'a=sctp-port:5000']) expect(kept).toContain(line)
    expect(kept.join()).not.toMatch(/\.local|extmap|ice-options/)
  })

  it.each<[string, (lines: string[]) => string[]]>([
    ['of pictures', (all) => all.map((line) => line.replace(/^m=.*/, 'm=video 9 UDP/TLS/RTP/SAVPF 96'))],
    ['of sound besides', (all) => [...all, 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:1']],
    ['of nothing', (all) => all.slice(0, 7)],
    ['without a fingerprint', (all) => all.filter((line) => line !== fingerprint)],
    ['with two fingerprints', (all) => [...all, fingerprint]],
    ['with a digest that can be forged', (all) => all.map((line) => line.replace('sha-256', 'sha-1'))],
    ['without a password', (all) => all.filter((line) => !line.startsWith('a=ice-pwd'))],
    ['without an end', (all) => [...all, ...Array.from({ length: 300 }, () => 'a=x')]],
  ])('is refused when it is one %s', (_what, change) => {
    expect(() => readOffer(offer(change))).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('is refused or made of known lines, whatever was done to it', () => {
    const at = fc.nat(lines.length - 1)
    const change = fc.tuple(at, fc.oneof(fc.string(), fc.constantFrom(...lines), fc.constant('a=ice-pwd:\n\n')))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const text = offer((all) => {
          for (const [index, line] of changes) all[index] = line
          return all
        })
        try {
          for (const line of readOffer(text).trimEnd().split('\r\n')) expect(line).toMatch(/^[vostmca]=/)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' })
        }
      }),
    )
  })
})
