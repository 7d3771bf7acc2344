/** Pure: what a person's choice in one film says of the next ones. */
import type { AudioTrack, SubtitleTrack } from '#protocol/tracks.ts'
import type { Preferences } from '../../api.ts'

const MOST_LANGUAGES = 8

/** The language that was chosen is liked best from now on. A track that does not say its language changes nothing. */
export const afterAudio = (before: Preferences, { language }: AudioTrack): Preferences =>
  isTag(language) ? { ...before, audioLanguages: first(language, before.audioLanguages) } : before

/** Undefined: subtitles were switched off. */
export function afterSubtitle(before: Preferences, track: SubtitleTrack | undefined): Preferences {
  if (!track) return { ...before, subtitles: 'off' }
  if (track.isForced) return { ...before, subtitles: 'forced' }
  const { language } = track
  const subtitleLanguages = isTag(language) ? first(language, before.subtitleLanguages) : before.subtitleLanguages
  return { ...before, subtitles: 'on', subtitleLanguages }
}

const first = (language: string, others: readonly string[]): string[] =>
  [language, ...others.filter((other) => other !== language)].slice(0, MOST_LANGUAGES)

/** The edge takes BCP 47 tags only; files carry all sorts, and `und` is no language. */
const isTag = (language: string | undefined): language is string =>
  language !== undefined && language !== 'und' && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language)
