/** Background work that agents do for the household's catalog: taken from the edge under a lease, and told back in batches. */
import * as z from 'zod'
import { ReleaseDoubt } from './release.ts'
import { FileHint, TorrentSource } from './source.ts'
import { TitleWish } from './source-search.ts'

const id = z.string().min(1).max(64)
const count = z.int().nonnegative().max(10_000_000)

/** The most of each kind that is given out, and told back, at once. */
export const MOST_SEARCHES = 5
export const MOST_READINGS = 8
export const MOST_COUNTS = 60

/** How many trackers say that share a source; neither number where none of them answered. */
export const CountedSource = z.object({ sourceId: id, seeders: count.optional(), leechers: count.optional() })
export type CountedSource = z.infer<typeof CountedSource>

/** What the metadata of a torrent says. Without `fileCount` nobody could be asked. */
export const SourceReading = z.object({
  sourceId: id,
  /** All of its files. */
  fileCount: z.int().positive().max(1_000_000).optional(),
  /** The one that would play; none where there is no film in it. */
  file: z.object({ path: z.string().min(1).max(1024), sizeBytes: z.int().nonnegative() }).optional(),
  doubts: z.array(ReleaseDoubt).max(20).optional(),
})
export type SourceReading = z.infer<typeof SourceReading>

/** `POST /api/work`, signed by the agent: what it did, and how much it would do now. Told again it changes nothing. */
export const WorkCall = z.object({
  done: z
    .object({
      /** Titles of which every provider was asked; what they found was posted before (`source-search.ts`). */
      searched: z.array(id).max(MOST_SEARCHES).optional(),
      counted: z.array(CountedSource).max(MOST_COUNTS).optional(),
      read: z.array(SourceReading).max(MOST_READINGS).optional(),
    })
    .optional(),
  take: z
    .object({
      searches: z.int().min(0).max(MOST_SEARCHES).optional(),
      counts: z.int().min(0).max(MOST_COUNTS).optional(),
      readings: z.int().min(0).max(MOST_READINGS).optional(),
    })
    .optional(),
})
export type WorkCall = z.infer<typeof WorkCall>

/** What nobody else is given until the lease ends. Whoever does not tell back in time has not done it. */
export const Work = z.object({
  leaseSeconds: z.int().positive(),
  searches: z.array(TitleWish),
  counts: z.array(z.object({ sourceId: id, source: TorrentSource })),
  readings: z.array(
    z.object({
      sourceId: id,
      source: TorrentSource,
      file: FileHint,
      /** As whoever published it named it, and what it is to be. */
      name: z.string().max(300),
      wish: TitleWish,
    }),
  ),
})
export type Work = z.infer<typeof Work>
