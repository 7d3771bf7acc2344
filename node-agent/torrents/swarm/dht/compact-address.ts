/** Addresses of IPv6 peers and nodes as the DHT writes them (BEP 32): 16 bytes and a port, big-endian. Pure. */
import { isIPv6 } from 'node:net'

export const COMPACT_BYTES = 18
const NODE_BYTES = 20 + COMPACT_BYTES

export type Address = { host: string; port: number }
export type DhtNode = Address & { id: Buffer }

/** Undefined for what cannot be called from elsewhere: IPv4 in disguise, link-local, multicast, no port. */
export function writeAddress({ host, port }: Address): Buffer | undefined {
  if (!isIPv6(host) || host.includes('%') || host.includes('.')) return undefined
  const [before = '', after] = host.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const [head, tail] = [groups(before), groups(after ?? '')]
  const bytes = Buffer.alloc(COMPACT_BYTES)
  for (const [index, group] of head.entries()) bytes.writeUInt16BE(group, index * 2)
  for (const [index, group] of tail.entries()) bytes.writeUInt16BE(group, 16 - (tail.length - index) * 2)
  bytes.writeUInt16BE(port, 16)
  return isCallable(bytes) ? bytes : undefined
}

/** The host is written as Node writes that of a datagram. Undefined as for `writeAddress`, and for other lengths. */
export function readAddress(bytes: Uint8Array): Address | undefined {
  if (bytes.length !== COMPACT_BYTES || !isCallable(bytes)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, COMPACT_BYTES)
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16))
  return { host: new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1), port: view.getUint16(16) }
}

/** `nodes6` of an answer; at most `most`, and those that cannot be called left out. */
export function readNodes(bytes: Uint8Array | undefined, most: number): DhtNode[] {
  const nodes: DhtNode[] = []
  for (let at = 0; bytes && at + NODE_BYTES <= bytes.length && nodes.length < most; at += NODE_BYTES) {
    const address = readAddress(bytes.subarray(at + 20, at + NODE_BYTES))
    if (address) nodes.push({ id: Buffer.from(bytes.subarray(at, at + 20)), ...address })
  }
  return nodes
}

export const writeNodes = (nodes: readonly DhtNode[]): Buffer =>
  Buffer.concat(
    nodes.flatMap((node) => {
      const address = writeAddress(node)
      return address && node.id.length === 20 ? [node.id, address] : []
    }),
  )

function isCallable(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  const isMulticast = first === 0xff
  const isLinkLocal = first === 0xfe && (second & 0xc0) === 0x80
  // `::`, and IPv4 addresses mapped or compatible; `::1` alone is none of them.
  const isLow = bytes.subarray(0, 10).every((byte) => byte === 0)
  const isLoopback = isLow && bytes.subarray(10, 15).every((byte) => byte === 0) && bytes[15] === 1
  const hasPort = bytes[16] !== 0 || bytes[17] !== 0
  return hasPort && !isMulticast && !isLinkLocal && (!isLow || isLoopback)
}
