/** Pure: whether an address is one of somebody's own network, as browsers tell it (Local Network Access §2.1). */

const privateBlocks: readonly (readonly [number, number])[] = [
  [0x0a000000, 8],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0xa9fe0000, 16],
  [0x64400000, 10],
  [0x7f000000, 8],
]

/** `host` as `URL.hostname` has it. A name counts when it says its address itself: `192-168-1-5.something`. */
export function isLocalHost(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local')) return true
  if (host.startsWith('[')) return isLocalIpv6(host.slice(1, -1))
  const [label = ''] = host.split('.')
  const written = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : dashed.exec(label)?.slice(1).join('.')
  return written !== undefined && isLocalIpv4(written)
}

const dashed = /^(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})$/

function isLocalIpv4(address: string): boolean {
  const parts = address.split('.').map(Number)
  if (parts.some((part) => part > 255)) return false
  const value = parts.reduce((sum, part) => sum * 256 + part, 0)
  return privateBlocks.some(
    ([start, bits]) => Math.floor(value / 2 ** (32 - bits)) === Math.floor(start / 2 ** (32 - bits)),
  )
}

/** Loopback, unique local (fc00::/7), link-local (fe80::/10), and IPv4 written as IPv6. */
function isLocalIpv6(address: string): boolean {
  if (address === '::1' || /^f[cd]/.test(address) || /^fe[89ab]/.test(address)) return true
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? []
  if (high === undefined || low === undefined) return false
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return isLocalIpv4([a >> 8, a & 255, b >> 8, b & 255].join('.'))
}
