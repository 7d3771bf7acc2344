/** Where a request is from, as coarse as a household: what guesses are counted by. */

/**
 * Pure. Only Cloudflare's own header is believed: `X-Forwarded-For` is whatever its sender likes (ASVS 4.1.3). An IPv4
 * address as it is; of an IPv6 address the first 64 bits, because a home has all the rest to choose from.
 */
export function clientAddress(headers: Headers): string {
  const text = headers.get('cf-connecting-ip')?.trim() ?? ''
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text
  const groups = ipv6Groups(text)
  return groups ? `${groups.slice(0, 4).join(':')}::/64` : 'unknown'
}

/** Pure. Loopback cannot come through Cloudflare, and a request without an address did not: both are this machine. */
export const isOwnMachine = (address: string): boolean =>
  address === 'unknown' || address.startsWith('127.') || address === '0:0:0:0::/64'

/** Eight groups in lower case without leading zeros; undefined for what is no IPv6 address. */
function ipv6Groups(text: string): string[] | undefined {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return undefined
  const [head = '', tail, ...more] = text.toLowerCase().split('::')
  if (more.length > 0) return undefined
  const [front, back] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)]
  const missing = 8 - front.length - back.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...front, ...Array.from({ length: missing }, () => '0'), ...back]
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))
    ? groups.map((group) => group.replace(/^0+(?=.)/, ''))
    : undefined
}

/** An IPv4 tail (`::ffff:192.0.2.1`) takes the room of two groups; what is in it does not matter to a /64. */
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (/^\d+(\.\d+){3}$/.test(group) ? ['0', '0'] : [group]))
