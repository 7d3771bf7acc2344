/** The household's own public addresses: seen by others, they mean that the VPN is not what we leave by. */
import { BlockList, isIP } from 'node:net'

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** An address, or a network such as `2001:db8:1::/48`: providers give a household a whole one. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  if (bits === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
}

/** Whether an address that somebody saw is one of ours. */
export function createIsHome(addresses: readonly string[]): (address: string) => boolean {
  const ours = new BlockList()
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/')
    if (prefix === undefined) ours.addAddress(address, family(address))
    else ours.addSubnet(address, Number(prefix), family(address))
  }
  return (address) => isIP(address) !== 0 && ours.check(address, family(address))
}
