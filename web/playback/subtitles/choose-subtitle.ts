/** Pure: which subtitles a film begins with, from what a person chose before and which sound is heard. */
import type { SubtitleTrack, Tracks } from '#protocol/tracks.ts'

/** `forced`: only what the film itself wants read (signs, another language). Languages are BCP 47, liked best first. */
export type SubtitleTaste = { subtitles: 'off' | 'forced' | 'on'; subtitleLanguages: readonly string[] }
/** What was chosen for this very title; null when nothing was. */
export type TitleSubtitle = { trackId: string } | 'off' | null

/** Undefined: none. */
export function chooseSubtitle(
  tracks: Tracks,
  audioTrackId: number | undefined,
  taste: SubtitleTaste,
  chosen: TitleSubtitle,
): SubtitleTrack | undefined {
  const shown = tracks.subtitles.filter(({ kind }) => kind !== 'other')
  if (chosen === 'off') return undefined
  const remembered = chosen && shown.find(({ id }) => id === chosen.trackId)
  if (remembered) return remembered
  const heard = tracks.audio.find(({ id }) => id === audioTrackId)?.language
  const forced = shown.filter(({ isForced }) => isForced)
  const own = forced.find(({ language }) => isSame(language, heard)) ?? forced.find(({ isDefault }) => isDefault)
  if (taste.subtitles === 'off') return undefined
  if (taste.subtitles === 'forced') return own
  const whole = shown.filter(({ isForced }) => !isForced)
  for (const wanted of taste.subtitleLanguages) {
    const [best] = whole
      .filter(({ language }) => isSame(language, wanted))
      .sort((a, b) => Number(a.isForHardOfHearing ?? false) - Number(b.isForHardOfHearing ?? false))
    // Nobody reads what is being said in the same language, unless there is no other reason to have them on.
    if (best) return best
  }
  return taste.subtitleLanguages.length === 0 ? (whole.find(({ isDefault }) => isDefault) ?? whole[0] ?? own) : own
}

/** `pt-BR` and `pt` are one language to a viewer who has no better; undefined is no language. */
const isSame = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.split('-')[0]?.toLowerCase() === b.split('-')[0]?.toLowerCase()
