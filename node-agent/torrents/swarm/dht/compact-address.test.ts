/** Addresses of IPv6 as the DHT writes them, there and back. */
import { SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAddress, readNodes, writeAddress, writeNodes } from './compact-address.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('writeAddress', () => {
  it.each([
    ['2001:db8::1', 6881, '20010db8000000000000000000000001 1ae1'],
    ['::1', 1, '00000000000000000000000000000001 0001'],
    ['2001:db8:1:2:3:4:5:6', 65535, '20010db8000100020003000400050006 ffff'],
    ['fd00::', 80, 'fd000000000000000000000000000000 0050'],
  ])('writes %s port %i, and reads it again', (host, port, bytes) => {
    expect(writeAddress({ host, port })).toEqual(hex(bytes))
    expect(readAddress(hex(bytes))).toEqual({ host, port })
  })

  it.each([
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '::ffff:c000:201',
    '::',
    '::2',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'no',
  ])('leaves out %s', (host) => {
    expect(writeAddress({ host, port: 6881 })).toBeUndefined()
  })

  it('leaves out a port that is none', () => {
    expect(writeAddress({ host: '2001:db8::1', port: 0 })).toBeUndefined()
  })
})

describe('readAddress', () => {
  it('writes every host as Node does, or leaves it out', () => {
    const sparse = fc.uint8Array({ minLength: 18, maxLength: 18 }).chain((bytes) =>
      fc.subarray([...bytes.keys()]).map((zeros) => {
        for (const at of zeros) bytes[at] = 0
        return bytes
      }),
    )
    fc.assert(
      fc.property(sparse, (bytes) => {
        const address = readAddress(bytes)
        if (!address) return
        expect(writeAddress(address)).toEqual(Buffer.from(bytes))
        expect(new SocketAddress({ address: address.host, family: 'ipv6' }).address).toBe(address.host)
      }),
    )
  })
})

describe('readNodes', () => {
  it('reads what was written, without those that cannot be called', () => {
    const id = Buffer.alloc(20, 7)
    const nodes = [
      { id, host: '2001:db8::1', port: 6881 },
      { id, host: '::1', port: 2 },
    ]
    const bytes = writeNodes([...nodes, { id, host: '192.0.2.1', port: 1 }, { id: hex('00'), host: '::1', port: 1 }])
    expect(bytes.length).toBe(2 * 38)
    expect(readNodes(bytes, 10)).toEqual(nodes)
    expect(readNodes(bytes, 1)).toEqual(nodes.slice(0, 1))
    expect(readNodes(undefined, 10)).toEqual([])
  })

  it('reads any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(readNodes(bytes, 5).length).toBeLessThanOrEqual(5)
      }),
    )
  })
})
