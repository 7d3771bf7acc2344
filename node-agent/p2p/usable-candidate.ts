/** Which of a viewer's ICE candidates home sends anything to (RFC 8839 §5.1). */
import { BlockList, isIP } from 'node:net'

/** Not a network's: this machine itself, everybody, nobody. */
const nobody = new BlockList()
nobody.addSubnet('0.0.0.0', 8, 'ipv4')
nobody.addSubnet('127.0.0.0', 8, 'ipv4')
nobody.addSubnet('224.0.0.0', 3, 'ipv4')
nobody.addAddress('::', 'ipv6')
nobody.addAddress('::1', 'ipv6')
nobody.addSubnet('ff00::', 8, 'ipv6')

const candidate = /^candidate:[\w+/]{1,32} 1 udp \d{1,10} (\S+) (\d{1,5}) typ (host|srflx|prflx|relay)( |$)/i

/**
 * Only addresses, never names: a name (browsers hide their own behind `….local`) would be looked up past the VPN guard.
 * The browser reaches home's own candidates all the same, and is answered where it asks from (peer-reflexive).
 */
export function isUsableCandidate(line: string): boolean {
  const [, address = '', port = ''] = candidate.exec(line) ?? []
  const family = isIP(address)
  if (family === 0 || Number(port) < 1024 || Number(port) > 65_535) return false
  return !nobody.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
