/** Looking for a title: what the edge asks an agent to find, and how the agent tells what its providers found. */
import * as z from 'zod'
import { Release, ReleaseDoubt } from './release.ts'
import { EpisodeHint, FileHint, TorrentSource } from './source.ts'

/** A title as providers can look for it. Of an episode, names and year are its show's. */
export const TitleWish = z.object({
  titleId: z.string().min(1).max(64),
  kind: z.enum(['movie', 'episode']),
  name: z.string().min(1).max(200),
  /** What else it is called, the original name among them. */
  otherNames: z.array(z.string().min(1).max(200)).max(8),
  year: z.int().min(1870).max(2100).optional(),
  runtimeMinutes: z.number().positive().max(6000).optional(),
  imdbId: z
    .string()
    .regex(/^tt\d{6,12}$/)
    .optional(),
  tmdbId: z.int().positive().optional(),
  /** Which one, when it is an episode. */
  episode: EpisodeHint.optional(),
  /** The title of its show, when it is an episode. */
  showId: z.string().min(1).max(64).optional(),
})
export type TitleWish = z.infer<typeof TitleWish>

/** Who told of a source, and when, in epoch seconds. */
export const Provenance = z.object({ provider: z.string().min(1).max(40), seenAt: z.int().nonnegative() })
export type Provenance = z.infer<typeof Provenance>

/** One source that was found, told by one provider or by several: the same info hash is one source. */
export const FoundSource = z.object({
  source: TorrentSource,
  /** As whoever published it named it. */
  name: z.string().min(1).max(300),
  file: FileHint.optional(),
  sizeBytes: z.int().nonnegative().optional(),
  seeders: z.int().nonnegative().optional(),
  leechers: z.int().nonnegative().optional(),
  /** Epoch seconds. */
  publishedAt: z.int().nonnegative().optional(),
  /** What its name says, where the agent could read it. */
  release: Release.optional(),
  /** Why it may not be what was looked for. */
  doubts: z.array(ReleaseDoubt).max(20).optional(),
  /** A file of this agent's own, which no swarm has. */
  isOnThisAgentOnly: z.boolean().optional(),
  provenance: z.array(Provenance).min(1).max(16),
})
export type FoundSource = z.infer<typeof FoundSource>

/** Most sources in one message. */
export const FOUND_AT_ONCE = 100

/** `POST /api/catalog/found`, signed by the agent: sources of one title. Sent again it changes nothing. */
export const FoundSources = z.object({
  titleId: z.string().min(1).max(64),
  found: z.array(FoundSource).max(FOUND_AT_ONCE),
})
export type FoundSources = z.infer<typeof FoundSources>
