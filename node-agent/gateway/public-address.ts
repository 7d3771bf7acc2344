/** Can the world call this IPv4 address? Pure. */
import { isIPv4 } from 'node:net'
import { isLocalHost } from '../local-address.ts'

/** Ranges that are neither private nor anybody's (RFC 5737, 2544, 6890), and from multicast upwards. */
const nobodys = /^(192\.0\.[02]|198\.51\.100|203\.0\.113)\.|^198\.1[89]\.|^(22[4-9]|2[3-5]\d)\./

/** False behind a provider's own NAT (RFC 6598) as well: a port that is open there leads nowhere. */
export const isPublicIpv4 = (address: string): boolean =>
  isIPv4(address) && !isLocalHost(address) && !nobodys.test(address)
