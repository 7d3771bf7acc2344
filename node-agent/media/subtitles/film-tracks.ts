/** All subtitles of a film, wherever they are: inside it, beside it in its torrent, added by a person. */
import type { SubtitleTrack, Tracks } from '#protocol/tracks.ts'

/** The protocol takes no more of them. */
const MOST_TRACKS = 128

/** Those that people added come last and are never cut off. */
export function withSubtitles(
  tracks: Tracks,
  beside: readonly { track: SubtitleTrack }[],
  added: readonly SubtitleTrack[],
): Tracks {
  const own = [...tracks.subtitles, ...beside.map(({ track }) => track)].slice(0, MOST_TRACKS - added.length)
  return { ...tracks, subtitles: [...own, ...added] }
}
