/** Pure: what Play asks of home on behalf of a person, before they have chosen anything in this film. */
import type { PlayWish } from '#protocol/play-plan.ts'
import type { Preferences, TitleChoice } from '../../api.ts'
import type { Tastes } from './choices.ts'

export function firstWish({ preferences, choice }: Tastes): PlayWish {
  return {
    audioLanguages: preferences.audioLanguages,
    ...(choice.audioTrackId !== null && { audioTrackId: choice.audioTrackId }),
    ...(preferences.mostHeightPixels !== null && { mostHeightPixels: preferences.mostHeightPixels }),
  }
}

/** Of somebody whose tastes cannot be asked just now: the film decides. */
const noPreferences: Preferences = {
  audioLanguages: [],
  subtitleLanguages: [],
  subtitles: 'forced',
  subtitleSizePercent: 100,
  mostHeightPixels: null,
}

/** What is not known is left to the film. */
export const tastesOf = (preferences: Preferences | undefined, choice: TitleChoice | undefined): Tastes => ({
  preferences: preferences ?? noPreferences,
  choice: choice ?? { audioTrackId: null, subtitle: null },
})
