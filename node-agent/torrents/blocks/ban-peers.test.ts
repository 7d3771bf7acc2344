/** Who is to blame for a damaged piece. */
import { describe, expect, it } from 'vitest'
import { blame, guiltyOf, onlySender, peerKey, provenBy } from './ban-peers.ts'

const attempt = (...blocks: [sender: string, digest: string][]) =>
  blocks.map(([sender, digest]) => ({ sender, digest }))

describe('guiltyOf', () => {
  it('finds the sender of each block that differs from the piece as it verified', () => {
    const failed = attempt(['a', '1'], ['b', 'wrong'], ['a', '3'], ['b', 'wrong too'])
    expect(guiltyOf([failed], ['1', '2', '3', '4'])).toEqual(new Map([['b', 2]]))
  })

  it('counts over several attempts', () => {
    const failed = [attempt(['a', 'x'], ['b', '2']), attempt(['b', '1'], ['a', 'y'])]
    expect(guiltyOf(failed, ['1', '2'])).toEqual(new Map([['a', 2]]))
  })

  it('blames nobody who sent what was right', () => {
    expect(guiltyOf([attempt(['a', '1'], ['b', '2'])], ['1', '2'])).toEqual(new Map())
  })

  it('counts no block of a peer that brought a piece alone twice: one was counted when it failed', () => {
    const failed = attempt(['a', 'x'], ['a', 'y'], ['a', '3'])
    expect(provenBy(failed)).toEqual(new Map([['a', 1]]))
    expect(guiltyOf([failed], ['1', '2', '3'])).toEqual(new Map([['a', 1]]))
  })
})

describe('provenBy', () => {
  it('says nothing of an attempt of several peers', () => {
    expect(provenBy(attempt(['a', 'x'], ['b', '2']))).toEqual(new Map())
  })
})

describe('onlySender', () => {
  it('knows a piece that came from one peer alone', () => {
    expect(onlySender(attempt(['a', '1'], ['a', '2']))).toBe('a')
    expect(onlySender(attempt(['a', '1'], ['b', '2']))).toBeUndefined()
  })
})

describe('blame', () => {
  it('forgives one bad block and bans at the second, also in another piece', () => {
    const known = new Map<string, number>()
    expect(blame(known, new Map([['a', 1]]))).toEqual([])
    expect(blame(known, new Map([['b', 1]]))).toEqual([])
    expect(blame(known, new Map([['a', 1]]))).toEqual(['a'])
  })

  it('bans at once who sent many', () => {
    expect(blame(new Map(), new Map([['a', 12]]))).toEqual(['a'])
  })
})

describe('peerKey', () => {
  it.each([
    ['93.184.216.34', 6881, '93.184.216.34'],
    ['2606:2800:220:1::1', 6881, '2606:2800:220:1::1'],
    ['127.0.0.1', 6881, '127.0.0.1:6881'],
    ['::ffff:192.168.1.4', 7000, '::ffff:192.168.1.4:7000'],
    ['172.20.0.3', 1, '172.20.0.3:1'],
    ['172.15.0.3', 1, '172.15.0.3'],
    ['100.100.0.1', 2, '100.100.0.1:2'],
    ['fd00::1', 3, 'fd00::1:3'],
  ])('remembers %s:%i as %s', (address, port, key) => {
    expect(peerKey(address, port, 'id')).toBe(key)
  })

  it('remembers a peer without an address by its id', () => {
    expect(peerKey(undefined, undefined, 'abc')).toBe('id:abc')
  })
})
