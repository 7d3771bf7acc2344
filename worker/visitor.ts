/** Where a request comes from and with what: for the audit, for lists of sessions, for counting guesses. */
import { clientAddress, isOwnMachine } from './auth/guard/client-address.ts'
import { deviceLabel } from './device-label.ts'

export type Visitor = {
  /** As guesses are counted: an IPv4 address, or the first half of an IPv6 address. */
  address: string
  /** What is kept of it for a person to recognise: a /24, or a /48. */
  network: string
  /** `Lyon, FR`; null where Cloudflare does not say. */
  place: string | null
  deviceLabel: string
}

export function visitorOf(request: Request): Visitor {
  const address = clientAddress(request.headers)
  return {
    address,
    network: networkOf(address),
    // The development server makes a place up.
    place: isOwnMachine(address) ? null : placeOf(request.cf),
    deviceLabel: deviceLabel((request.headers.get('user-agent') ?? '').slice(0, 400)),
  }
}

/** Pure. */
export const networkOf = (address: string): string =>
  address.includes(':')
    ? `${address.split(':').slice(0, 3).join(':')}::/48`
    : address.replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24')

function placeOf(cf: unknown): string | null {
  const { city, country } = (cf ?? {}) as { city?: unknown; country?: unknown }
  const words = [city, country].filter((word) => typeof word === 'string' && /^[\p{L}\p{M} .'’-]{1,60}$/u.test(word))
  return words.length > 0 ? words.join(', ') : null
}
