import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { P2pChange, p2pPath, readP2pPath } from './p2p-signalling.ts'

describe('the path of a stream over a data channel', () => {
  it('is read back as it was built, and nothing else is read', () => {
    const streamId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
    const path = fc.stringMatching(/^\/api\/stream\/[A-Za-z0-9_./-]{1,80}$/)
    fc.assert(
      fc.property(streamId, path, (id, rest) => {
        expect(readP2pPath(p2pPath(id, rest))).toEqual({ streamId: id, path: rest })
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readP2pPath(text)
        if (read) expect(p2pPath(read.streamId, read.path)).toBe(text)
      }),
    )
    for (const other of [
      '/p2p/',
      '/p2p/a/api/me',
      '/p2p//api/stream/t',
      '/p2p/a/api/stream/',
      '/x/p2p/a/api/stream/t',
    ]) {
      expect(readP2pPath(other)).toBeUndefined()
    }
  })
})

describe('what a browser says of its candidates', () => {
  it.each([
    'candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host',
    'candidate:2 1 udp 2113939711 0b8c9f2e-6d3d-4f6c-9df2-1a2b3c4d5e6f.local 50001 typ host generation 0',
  ])('takes %s', (candidate) => {
    expect(P2pChange.parse({ candidates: [candidate] })).toEqual({ candidates: [candidate], mid: '0' })
  })

  it.each([
    ['a line that brings another with it', 'candidate:1 1 udp 1 192.0.2.7 1 typ host\r\na=fingerprint:x'],
    ['what is none', 'a=mid:0'],
    ['one without an end', `candidate:${'1'.repeat(600)}`],
  ])('refuses %s', (_what, candidate) => {
    expect(P2pChange.safeParse({ candidates: [candidate] }).success).toBe(false)
  })
})
