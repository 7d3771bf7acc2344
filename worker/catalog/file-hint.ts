/** Which file of a source is meant, as far as its row says. */
import { EpisodeHint, type FileHint } from '#protocol/source.ts'
import type { sources } from './schema.ts'

type Row = Pick<typeof sources.$inferSelect, 'filePath' | 'episode'>

/** A path wins over an episode. What an older version stored otherwise is as good as nothing. */
export function fileHintOf({ filePath, episode }: Row): FileHint {
  if (filePath !== null) return { path: filePath }
  const hint = episode === null ? undefined : EpisodeHint.safeParse(JSON.parse(episode)).data
  return hint === undefined ? {} : { episode: hint }
}

type Title = { kind: string; seasonNumber: number | null; episodeNumber: number | null }

/** For the row of a source of this title: null for what is no episode. */
export function episodeTextOf({ kind, seasonNumber, episodeNumber }: Title): string | null {
  if (kind !== 'episode' || episodeNumber === null) return null
  const hint: EpisodeHint = { ...(seasonNumber === null ? {} : { season: seasonNumber }), episode: episodeNumber }
  return JSON.stringify(hint)
}
