/** Which of this machine's addresses a phone on the same network would use. */
import type { NetworkInterfaceInfo } from 'node:os'

type Interfaces = Record<string, Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[] | undefined>

/** Interfaces that lead to containers and virtual machines, not to a phone. */
const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|utun|zt|tailscale)/

/** The private IPv4 address of the likeliest interface, or undefined when there is none. */
export function lanAddress(interfaces: Interfaces): string | undefined {
  const candidates = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ address, rank: (virtual.test(name) ? 10 : 0) + (isPrivate(address) ? 0 : 5) })),
  )
  return candidates.sort((a, b) => a.rank - b.rank)[0]?.address
}

/** RFC 1918 addresses: the ones that home routers hand out. */
function isPrivate(address: string): boolean {
  return /^(192\.168\.|10\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)
}
