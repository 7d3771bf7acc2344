/** Provider `therarbg`: an index that speaks TheRARBG's API. */
import * as z from 'zod'
import { countField } from '../count-field.ts'
import { fitsWish } from '../fits-wish.ts'
import { addressOption } from '../options.ts'
import { type Found, provider } from '../provider.ts'
import { readJson } from '../read-answer.ts'
import { hashOf } from '../xml/read-feed.ts'

const MOST_BYTES = 8_000_000

const Post = z.object({
  name: z.string().min(1).max(300),
  info_hash: z.string().max(64).nullable().optional(),
  size: countField,
  seeders: countField,
  leechers: countField,
  timestamp: countField,
})
type Post = z.infer<typeof Post>
/** A post that is not as it should be hinders no other. */
const Detail = z.object({ trb_posts: z.array(Post.optional().catch(undefined)).max(2000).default([]) })

export const therarbg = provider({
  id: 'therarbg',
  label: 'TheRARBG API',
  about: 'Asks an index that speaks TheRARBG’s API, at an address that you enter.',
  isOnByDefault: false,
  asksForLawfulUse: true,
  requestsPerSecond: { background: 2, awaited: 4 },
  timeoutSeconds: 15,
  priority: 45,
  options: z.strictObject({
    address: addressOption({ title: 'Address', description: 'Where the API lies, such as https://index.example.' }),
  }),
  origins: ({ address }) => [address],
  work: ({ address }, { fetch, now }) => ({
    /** By IMDb id alone: its search by words lists everything that shares one of them. */
    async search(wish, { signal, isAwaited }) {
      if (wish.imdbId === undefined) return []
      const url = new URL(`/imdb-detail/${wish.imdbId}/`, address)
      url.searchParams.set('format', 'json')
      const asking = { signal, isAwaited: isAwaited(), mostBytes: MOST_BYTES, accept: 'application/json' }
      const answer = await fetch(url, { ...asking, keepsRedirects: true })
      // What it does not know it sends to its front page, or shows as that.
      const isPage = answer.headers['content-type']?.startsWith('text/html') ?? false
      if (answer.status !== 200 || isPage) return []
      const thisYear = new Date(now()).getUTCFullYear()
      return readJson(answer, Detail).trb_posts.flatMap((post) =>
        post && fitsWish(post.name, wish, thisYear, true) ? asFound(post) : [],
      )
    },
  }),
})

function asFound({ name, info_hash, size, seeders, leechers, timestamp }: Post): Found[] {
  const infoHash = hashOf(info_hash ?? undefined)
  if (infoHash === undefined) return []
  return [
    {
      ...{ source: { infoHash }, name },
      ...(size === undefined ? {} : { sizeBytes: size }),
      ...(seeders === undefined ? {} : { seeders }),
      ...(leechers === undefined ? {} : { leechers }),
      ...(timestamp === undefined ? {} : { publishedAt: timestamp }),
    },
  ]
}
