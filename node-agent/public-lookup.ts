/** Names looked up for strangers' requests: every address a name has must be a public one, at the moment of the connection. */
import type { lookup as dnsLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-address.ts'

/** Names change their meaning: one that was public when it was read may lead into the home when it is called. */
export const publicLookup =
  (lookup: typeof dnsLookup, refuse: () => Error): LookupFunction =>
  (hostname, options, done) => {
    // Sockets for datagrams say a bare family.
    const asked = typeof options === 'number' ? { family: options as number } : options
    lookup(hostname, { ...asked, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      if (addresses.length === 0 || addresses.some(({ address }) => isPrivateAddress(address)))
        return done(refuse(), [])
      const [first] = addresses
      if (asked.all) done(null, addresses)
      else done(null, first?.address ?? '', first?.family)
    })
  }
