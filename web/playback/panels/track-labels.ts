/** Pure: tracks in words: language first, then what tells two of one language apart. */
import type { AudioTrack, SubtitleTrack } from '#protocol/tracks.ts'

/** `English, 5.1, Commentary`. */
export const audioLabel = ({ language, channels, name }: AudioTrack, locale = 'en'): string =>
  [languageName(language, locale), channelName(channels), name].filter(Boolean).join(', ')

/** `Deutsch, Forced`. */
export const subtitleLabel = ({ language, name }: SubtitleTrack, locale = 'en'): string =>
  [languageName(language, locale), name].filter(Boolean).join(', ')

/** What the label does not say: which parts it covers, for whom, and from where it is. */
export function subtitleNote({ id, isForced, isForHardOfHearing }: SubtitleTrack): string | undefined {
  if (isForced) return 'signs and foreign parts'
  if (isForHardOfHearing) return 'hard of hearing'
  return id.startsWith('u') ? 'added' : undefined
}

/** `0.0 s`, `+0.5 s` for later, `−1.2 s` for earlier. */
export const offsetLabel = (seconds: number): string =>
  seconds === 0 ? '0.0 s' : `${seconds > 0 ? '+' : '−'}${Math.abs(seconds).toFixed(1)} s`

export function languageName(tag: string | undefined, locale = 'en'): string {
  if (tag === undefined || tag === 'und') return 'Unknown language'
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(tag) ?? tag
  } catch {
    // Files carry tags that are not BCP 47; as written is better than nothing.
    return tag
  }
}

function channelName(channels: number): string {
  const names: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' }
  return names[channels] ?? `${channels} channels`
}
