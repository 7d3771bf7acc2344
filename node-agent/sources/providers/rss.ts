/** Provider `rss`: RSS and Atom feeds of torrents that the operator follows. */
import * as z from 'zod'
import { foundInFeed } from '../found-in-feed.ts'
import { addressListOption } from '../options.ts'
import { provider, type Searching } from '../provider.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { readXmlAnswer } from '../read-answer.ts'
import { type FeedEntry, readFeed } from '../xml/read-feed.ts'

/** A feed is read again no sooner, whoever looks for what. */
const KEPT_MILLISECONDS = 15 * 60 * 1000
const MOST_BYTES = 6_000_000

export const rss = provider({
  id: 'rss',
  label: 'RSS and Atom feeds',
  about: 'Finds what the feeds that you follow have published lately.',
  isOnByDefault: false,
  asksForLawfulUse: false,
  requestsPerSecond: { background: 0.5, awaited: 2 },
  timeoutSeconds: 15,
  priority: 40,
  options: z.strictObject({
    addresses: addressListOption(20, { title: 'Feeds', description: 'Their addresses, separated by spaces.' }),
  }),
  origins: ({ addresses }) => addresses,
  work({ addresses }, { fetch, now }) {
    const kept = new Map<string, { at: number; entries: FeedEntry[] }>()
    const read = async (address: string, { signal, isAwaited }: Searching): Promise<FeedEntry[]> => {
      const before = kept.get(address)
      if (before && now() - before.at < KEPT_MILLISECONDS) return before.entries
      const accept = 'application/rss+xml, application/atom+xml, application/xml'
      const url = new URL(address)
      const root = readXmlAnswer(await fetch(url, { signal, isAwaited: isAwaited(), mostBytes: MOST_BYTES, accept }))
      const entries = readFeed(root)
      if (!entries) throw new ProviderFailure('malformed', `${url.hostname} answered no feed`)
      kept.set(address, { at: now(), entries })
      return entries
    }
    return {
      /** A feed that fails hinders no other; all of them failing is a failure. */
      async search(wish, searching) {
        const each = await Promise.allSettled(addresses.map((address) => read(address, searching)))
        searching.signal.throwIfAborted()
        const [failed] = each.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
        const entries = each.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
        if (failed !== undefined && each.every(({ status }) => status === 'rejected')) throw failed
        return foundInFeed(entries, wish, false, { fetch, now }, searching)
      },
    }
  },
})
