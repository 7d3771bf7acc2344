/** Pure: which addresses the edge may be sent to by what a provider wrote into its own documents (SSRF, identity.md §2.12). */

/** Names that never belong to the public internet (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal). */
const privateSuffixes = ['localhost', 'local', 'internal', 'home.arpa', 'lan', 'test', 'invalid', 'onion']

/** IPv4 that is not a public host: this network, private, CGNAT, loopback, link-local, benchmarks, multicast, reserved. */
const privateV4: [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/**
 * Https on a public host. `ports` are allowed beside 443: those of the issuer the operator configured. `isLocalAllowed`
 * (development only) lets http on the loopback through, and nothing else that is private. What a public name resolves
 * to is not known here: the runtime itself refuses private addresses after resolving (`global_fetch_strictly_public`).
 */
export function isPublicUrl(url: URL, { isLocalAllowed = false, ports = [] as string[] } = {}): boolean {
  if (url.username !== '' || url.password !== '') return false
  // WHATWG parsing has made 127.1, 0x7f000001 and full-width digits into one form; a last dot it leaves.
  const host = url.hostname.replace(/\.$/, '')
  if (isLocalAllowed && isLoopback(host) && (url.protocol === 'http:' || url.protocol === 'https:')) return true
  if (url.protocol !== 'https:') return false
  if (url.port !== '' && !ports.includes(url.port)) return false
  if (host.startsWith('[')) return isPublicV6(host.slice(1, -1))
  const v4 = readV4(host)
  if (v4 !== undefined) return isPublicV4(v4)
  return host.includes('.') && !privateSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '127.0.0.1' || host === '[::1]'

function readV4(host: string): number | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host)) return undefined
  return host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function isPublicV4(address: number): boolean {
  return !privateV4.some(([network, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(address / size) === Math.floor((readV4(network) ?? 0) / size)
  })
}

/** Only global unicast (2000::/3), without documentation, 6to4 and Teredo, which carry an IPv4 address inside. */
function isPublicV6(address: string): boolean {
  const [first = 0, second = 0] = groupsOf(address)
  if (first < 0x2000 || first > 0x3fff || first === 0x2002) return false
  return !(first === 0x2001 && (second < 0x0200 || second === 0x0db8))
}

/** The eight groups of an address in the form the URL parser writes: hexadecimal, at most one `::`. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return read(head)
  const [before, after] = [read(head), read(tail)]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
