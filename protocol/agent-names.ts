/** The names an agent has in the operator's zone: what it asks the edge to publish, and how an address becomes a name. */
import * as z from 'zod'

/** Addresses of one agent that may have a name each; a zone on a free plan holds two hundred records. */
export const MOST_NAMED_ADDRESSES = 12

/** base64url of a SHA-256: what ACME wants to read in a TXT record (RFC 8555 §8.4). */
const ChallengeValue = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/**
 * Everything that is to stand in the zone for this agent from now on, posted to `/api/agents/names`: an address record
 * for each address, and `_acme-challenge` with these values while an order runs. What stood there before goes.
 */
export const NamesRequest = z.object({
  addresses: z.array(z.union([z.ipv4(), z.ipv6()])).max(MOST_NAMED_ADDRESSES),
  challenges: z.array(ChallengeValue).max(2),
})
export type NamesRequest = z.infer<typeof NamesRequest>

/** `name`: the agent's own domain. Its certificate is for `*.<name>`, its addresses are labels below it. */
export const NamesAnswer = z.object({ name: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/) })
export type NamesAnswer = z.infer<typeof NamesAnswer>

/**
 * The label an address has below its agent's domain: `192-168-1-20`, `2001-db8-0-0-0-0-0-1`. IPv6 is written out in
 * full, because a label may neither begin nor end with a hyphen, nor have two in third place (RFC 5891 §4.2.3.1).
 */
export function labelOfAddress(address: string): string {
  if (!address.includes(':')) return address.replaceAll('.', '-')
  const [before = '', after] = address.toLowerCase().split('::')
  const groups = (text: string | undefined) => (text ? text.split(':').flatMap(plainGroups) : [])
  const [head, tail] = [groups(before), groups(after)]
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  return [...head, ...Array<string>(zeros).fill('0'), ...tail].join('-')
}

/** One group without leading zeros; the IPv4 tail of a mapped address is two of them. */
function plainGroups(group: string): string[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16).toString(16)]
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)]
}
