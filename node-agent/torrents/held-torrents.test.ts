/** What an agent says it holds: whole, in part, or not at all, and where a neighbour can fetch it from. */
import { createHash } from 'node:crypto'
import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createHeldTorrents } from './held-torrents.ts'

const info = Buffer.from(`d6:lengthi20000e4:name5:a.mp412:piece lengthi16384e6:pieces40:${'x'.repeat(40)}e`)
const infoHash = createHash('sha1').update(info).digest('hex')
const interfaces = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  eth0: [
    { address: '192.168.1.20', family: 'IPv4', internal: false },
    { address: 'fe80::1', family: 'IPv6', internal: false },
  ],
} as unknown as Record<string, NetworkInterfaceInfo[]>

const held = (bitfield: number) =>
  createHeldTorrents({
    state: { find: (hash) => (hash === infoHash ? { info, bitfield: new Uint8Array([bitfield]) } : undefined) },
    isLocal: (hash) => hash === 'local',
    peerPort: () => 51413,
    interfaces: () => interfaces,
  })

describe('what is held', () => {
  it.each([
    ['all of it', 0b1100_0000, [{ infoHash, isWhole: true }]],
    ['one piece of two', 0b0100_0000, [{ infoHash, isWhole: false }]],
    ['nothing but its name', 0, []],
  ])('is told of %s', async (_what, bitfield, expected) => {
    expect((await held(bitfield)([infoHash])).held).toEqual(expected)
  })

  it('is told of the operator’s own films, and not of what was never here', async () => {
    expect((await held(0)(['local', 'b'.repeat(40)])).held).toEqual([{ infoHash: 'local', isWhole: true }])
  })

  it('is to be fetched at the addresses of the home network, and nowhere behind a door', async () => {
    expect((await held(0)([])).peerAddresses).toEqual(['192.168.1.20:51413'])
    const behindDoor = createHeldTorrents({
      state: { find: () => undefined },
      isLocal: () => false,
      peerPort: () => undefined,
      interfaces: () => interfaces,
    })
    expect((await behindDoor([])).peerAddresses).toEqual([])
  })
})
