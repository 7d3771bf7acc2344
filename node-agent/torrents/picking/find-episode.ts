/** Which files of a season pack hold the episode that is meant. Pure. */
import type { EpisodeHint } from '#protocol/source.ts'
import { type EpisodeReading, episodeReadings } from '../../episode-name.ts'

/**
 * The files that hold the episode, by the plainest way in which any of them says so; of those, only the ones that hold
 * the fewest episodes beside it. None when the pack does not have it.
 */
export function filesOfEpisode<F extends { path: string }>(files: readonly F[], wanted: EpisodeHint): F[] {
  const read = files.map((file) => ({ file, readings: episodeReadings(file.path) }))
  const matches = read.flatMap(({ file, readings }) =>
    readings
      .map((reading) => ({ file, plainness: plainnessOf(reading, wanted), episodes: reading.to - reading.from }))
      .filter(({ plainness }) => plainness > 0),
  )
  const plainest = matches.filter((match) => match.plainness === Math.max(...matches.map((one) => one.plainness)))
  const fewest = Math.min(...plainest.map((match) => match.episodes))
  const found = plainest.filter((match) => match.episodes === fewest).map((match) => match.file)
  if (found.length > 0) return found
  // A single episode is often shared under a name that counts nothing.
  return read.length === 1 && read.every(({ readings }) => readings.length === 0) ? read.map(({ file }) => file) : []
}

/** 0 when the reading is of another episode; more when it leaves less to guess. */
function plainnessOf(reading: EpisodeReading, { season, episode, absolute }: EpisodeHint): number {
  const holds = (number: number | undefined) => number !== undefined && reading.from <= number && number <= reading.to
  if (reading.form === 'compact') return season === reading.season && holds(episode) ? 1 : 0
  if (reading.season !== undefined && season !== undefined) {
    if (reading.season === season && holds(episode)) return reading.form === 'numbered' ? 7 : 6
    // Packs that count through all seasons often call the whole of it season one.
    return reading.season === 1 && holds(absolute) ? 2 : 0
  }
  if (reading.season === undefined && holds(absolute)) return 5
  if (!holds(episode)) return 0
  if (season === undefined || season === 1) return 4
  // Without a season in the pack a later season is a guess, and a wrong one when the numbers count through.
  return reading.season === undefined && absolute === undefined ? 3 : 0
}
