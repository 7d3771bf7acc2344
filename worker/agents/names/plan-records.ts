/** Which records of an agent stand in the zone, and which should: the difference. Pure. */
import { labelOfAddress, type NamesRequest } from '#protocol/agent-names.ts'

export type NewRecord = { type: 'A' | 'AAAA' | 'TXT'; name: string; content: string }
export type ZoneRecord = { id: string; type: string; name: string; content: string }

/** What should stand below `name`, the agent's own domain. */
export function wantedRecords(name: string, { addresses, challenges }: NamesRequest): NewRecord[] {
  const named = new Map(addresses.map((address) => [`${labelOfAddress(address)}.${name}`, address]))
  return [
    ...Array.from(named, ([at, address]): NewRecord => {
      return { type: address.includes(':') ? 'AAAA' : 'A', name: at, content: address }
    }),
    ...[...new Set(challenges)].map((value): NewRecord => {
      return { type: 'TXT', name: `_acme-challenge.${name}`, content: `"${value}"` }
    }),
  ]
}

/**
 * What to delete and what to add. Only what lies below `name` is touched, whatever else the listing holds: it was
 * filtered by somebody else's server. What stands there twice stays once.
 */
export function planRecords(
  name: string,
  standing: readonly ZoneRecord[],
  wanted: readonly NewRecord[],
): { deletes: string[]; posts: NewRecord[] } {
  const missing = new Map(wanted.map((record) => [keyOf(record), record]))
  const deletes: string[] = []
  for (const record of standing) {
    if (!record.name.toLowerCase().endsWith(`.${name}`)) continue
    if (!missing.delete(keyOf(record))) deletes.push(record.id)
  }
  return { deletes, posts: [...missing.values()] }
}

/** A zone writes an IPv6 address in its own way, and a TXT record with or without its quotes. */
function keyOf({ type, name, content }: Omit<ZoneRecord, 'id'>): string {
  const same = type === 'TXT' ? content.replaceAll('"', '') : type === 'AAAA' ? labelOfAddress(content) : content
  return [type, name.toLowerCase(), same].join('\n')
}
