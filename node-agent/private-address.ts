/** Which IP addresses lead into a home, onto this machine, or nowhere: judged after DNS, when the name is worth nothing. */
import { BlockList, isIP } from 'node:net'

/** IANA's special-purpose registries (RFC 6890) and multicast; what embeds an IPv4 address is refused whole. */
const special: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

/** Apart: in one list the networks that embed IPv4 addresses would block all of them. */
const blocked = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, prefix] of special) {
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  blocked[family].addSubnet(network, prefix, family)
}

/** True as well for what is no address at all. */
export function isPrivateAddress(address: string): boolean {
  const [bare = ''] = address.split('%')
  const version = isIP(bare)
  const family = version === 6 ? 'ipv6' : 'ipv4'
  return version === 0 || blocked[family].check(bare, family)
}
