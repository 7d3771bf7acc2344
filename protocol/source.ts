/** Where the bytes of a title come from, and how an agent offers titles of its own to the catalog. */
import * as z from 'zod'
import { Base64Url } from './base64url.ts'

/** v1 info hash (BEP 3): 40 hex digits, lower case. */
export const InfoHash = z.string().regex(/^[0-9a-f]{40}$/)
export type InfoHash = z.infer<typeof InfoHash>

/** Largest .torrent that travels in a message, before base64. */
export const TORRENT_FILE_BYTES = 512 * 1024

/** How to reach a torrent: any one of these is enough; the .torrent is fastest because it needs no metadata from peers. */
export const TorrentSource = z.object({
  infoHash: InfoHash,
  magnet: z.string().startsWith('magnet:?').max(8192).optional(),
  torrentFile: Base64Url.max(Math.ceil((TORRENT_FILE_BYTES * 4) / 3) + 4).optional(),
})
export type TorrentSource = z.infer<typeof TorrentSource>

/** Which episode of a show is meant. Season 0 holds the specials; `absolute` counts through all seasons, as anime does. */
export const EpisodeHint = z.object({
  season: z.int().min(0).max(9999).optional(),
  episode: z.int().min(0).max(99_999),
  absolute: z.int().min(0).max(99_999).optional(),
})
export type EpisodeHint = z.infer<typeof EpisodeHint>

/** Which file of a source is meant: a path wins over an episode; without a hint the agent picks the film itself. */
export const FileHint = z.object({ path: z.string().min(1).max(1024).optional(), episode: EpisodeHint.optional() })
export type FileHint = z.infer<typeof FileHint>

/** A title that an agent can serve by itself, told to the edge when it connects. Sent again it changes nothing. */
export const Offer = z.strictObject({
  /** Stable within the agent, e.g. `demo:big-buck-bunny`. */
  key: z.string().min(1).max(120),
  title: z.strictObject({
    name: z.string().min(1).max(200),
    year: z.int().min(1870).max(2100),
    runtimeMinutes: z.number().positive().max(6000),
    overview: z.string().max(2000),
    licence: z.string().max(120),
    credit: z.string().max(300),
    /** Path of a poster in the web app's own assets. */
    poster: z.string().startsWith('/').max(200).optional(),
  }),
  source: TorrentSource,
  file: FileHint,
  sizeBytes: z.int().nonnegative(),
})
export type Offer = z.infer<typeof Offer>

/** `POST /api/catalog/offers`, signed by the agent: everything one of its providers offers now. */
export const Offers = z.strictObject({ provider: z.string().min(1).max(40), offers: z.array(Offer).max(200) })
export type Offers = z.infer<typeof Offers>
