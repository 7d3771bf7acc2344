/** Which addresses of this machine get names, and the origins that browsers are told. Pure. */
import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { labelOfAddress } from '#protocol/agent-names.ts'

export type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>

/** A machine that makes itself temporary IPv6 addresses (RFC 8981) has many; each is a record in the zone. */
const MOST_IPV6 = 3

/** Only what the whole internet routes (RFC 4291 §2.4): 2000::/3, without 2001:db8::/32, which is for books. */
const isGlobalIpv6 = (address: string): boolean => /^[23][0-9a-f]{3}:/i.test(address) && !/^2001:0?db8:/i.test(address)

/** Global IPv6 addresses of this machine, where it listens for them. */
export function globalIpv6(host: string, interfaces: Interfaces): string[] {
  if (host !== '::') return isIP(host) === 6 && isGlobalIpv6(host) ? [host] : []
  const all = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal, address }) => family === 'IPv6' && !internal && isGlobalIpv6(address))
    .map(({ address }) => address)
  return [...new Set(all)].slice(0, MOST_IPV6)
}

/** The addresses within origins such as `http://192.168.1.20:8788`; names, and this machine's own loopback, are none. */
export function addressesIn(origins: readonly string[]): string[] {
  const hosts = origins.map((origin) => new URL(origin).hostname.replace(/^\[|\]$/g, ''))
  const isOutside = (host: string) => isIP(host) !== 0 && !host.startsWith('127.') && host !== '::1'
  return [...new Set(hosts.filter(isOutside))]
}

/** `https://192-168-1-20.<domain>:8789` for each. */
export const namedOrigins = (addresses: readonly string[], domain: string, port: number): string[] =>
  addresses.map((address) => new URL(`https://${labelOfAddress(address)}.${domain}:${port}`).origin)

/** The most that may be announced (protocol: Capabilities). */
const MOST_ORIGINS = 16

/**
 * Best first. A page that came over https may not read plain http, so that its names come first; a page of this
 * network's own edge over http needs no name, which a router may refuse to resolve to a private address.
 */
export function announced(plain: readonly string[], named: readonly string[], appOrigin: string | undefined): string[] {
  const all = appOrigin?.startsWith('https:') ? [...named, ...plain] : [...plain, ...named]
  return [...new Set(all)].slice(0, MOST_ORIGINS)
}
