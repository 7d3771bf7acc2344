/** Names looked up from a bound address: the questions leave where everything else leaves, or not at all. */
import { getServers, Resolver } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

/**
 * As `dns.lookup`, for IPv4. The system's own look-up leaves by whatever way it likes; a name server on this machine
 * would ask on by any way as well, so that none is asked. `servers`: undefined is the system's.
 */
export function createBoundLookup(
  localAddress: string,
  servers: readonly string[] | undefined,
  signal: AbortSignal,
): LookupFunction {
  return (hostname, options, done) => {
    const answer = (error: NodeJS.ErrnoException | null, addresses: string[]) => {
      const found = addresses.map((address) => ({ address, family: isIP(address) }))
      const [first] = found
      if (error || !first)
        return done(error ?? Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' }), [])
      if (options.all) done(null, found)
      else done(null, first.address, first.family)
    }
    if (isIP(hostname) !== 0) return process.nextTick(answer, null, [hostname])
    const asked = (servers ?? getServers()).filter((server) => !/^(127\.|\[?::1)/.test(server))
    if (asked.length === 0) {
      const problem = 'no name server outside this machine is known: set PORCHLIGHT_VPN_DNS'
      return process.nextTick(answer, Object.assign(new Error(problem), { code: 'ENOTFOUND' }), [])
    }
    const resolver = new Resolver({ timeout: 2000, tries: 2 })
    const stop = () => resolver.cancel()
    try {
      resolver.setServers(asked)
      resolver.setLocalAddress(localAddress)
    } catch (error) {
      return process.nextTick(answer, error as NodeJS.ErrnoException, [])
    }
    signal.addEventListener('abort', stop, { once: true })
    resolver.resolve4(hostname, (error, addresses) => {
      signal.removeEventListener('abort', stop)
      answer(error, addresses ?? [])
    })
  }
}
