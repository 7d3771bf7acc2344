/** Wishes that rest on what is inside the film: its chapters and its subtitles. */
import { neighbourChapter } from './film-parts.ts'
import { playerRequests } from './player-requests.ts'
import type { Player } from './use-player.ts'

export function goChapters(player: Player, by: 1 | -1): void {
  const chapters = player.viewing.getState().stream?.chapters ?? []
  const chapter = neighbourChapter(chapters, player.viewing.positionSeconds, by)
  if (chapter) playerRequests.seekTo(player, chapter.startSeconds)
}

/** Off, or on with what can best be guessed: what was last on, else the first that can be shown. */
export function toggleSubtitles(player: Player): void {
  const { track } = player.subtitles.getState()
  const tracks = player.viewing.getState().stream?.tracks.subtitles.filter(({ kind }) => kind !== 'other') ?? []
  const before = tracks.find(({ id }) => id === player.choices.lastSubtitleId) ?? tracks[0]
  if (track) player.choices.subtitle(undefined)
  else if (before) player.choices.subtitle(before)
}
