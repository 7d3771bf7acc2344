/** What a person chose of sound and subtitles: done at once, and remembered for this title and the next ones. */
import type { QueryClient } from '@tanstack/react-query'
import type { AudioTrack, SubtitleTrack } from '#protocol/tracks.ts'
import type { Preferences, TitleChoice } from '../../api.ts'
import { savePreferences, saveTitleChoice } from '../../edge-api.ts'
import { preferencesQuery, titleChoiceQuery } from '../../queries.ts'
import type { Viewing } from '../engine/viewing.ts'
import { chooseSubtitle } from '../subtitles/choose-subtitle.ts'
import type { Subtitles } from '../subtitles/subtitles.ts'
import { afterAudio, afterSubtitle } from './preferences-after.ts'

/** How this person likes to watch, as known when the film was opened. */
export type Tastes = { preferences: Preferences; choice: TitleChoice }

const SAVE_AFTER_MS = 800

type About = { viewing: Viewing; subtitles: Subtitles; titleId: string; tastes: Tastes; queryClient: QueryClient }

export class Choices {
  #about: About
  #tastes: Tastes
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopFollowing: () => void
  /** What was on when it was switched off. */
  lastSubtitleId: string | undefined
  /** What the last choice of ours rested on. */
  #seen = ''

  constructor(about: About) {
    this.#about = about
    this.#tastes = about.tastes
    about.subtitles.setSize(about.tastes.preferences.subtitleSizePercent)
    this.#stopFollowing = about.viewing.subscribe(() => this.#follow())
  }

  audio(track: AudioTrack): void {
    void this.#about.viewing.chooseAudio(track.id)
    const { preferences, choice } = this.#tastes
    this.#remember(afterAudio(preferences, track), { ...choice, audioTrackId: track.id })
  }

  /** Undefined: none. */
  subtitle(track: SubtitleTrack | undefined): void {
    this.lastSubtitleId = this.#about.subtitles.getState().track?.id ?? this.lastSubtitleId
    this.#about.subtitles.choose(track)
    const { preferences, choice } = this.#tastes
    this.#remember(afterSubtitle(preferences, track), { ...choice, subtitle: track ? { trackId: track.id } : 'off' })
  }

  subtitleSize(percent: number): void {
    this.#about.subtitles.setSize(percent)
    const { preferences, choice } = this.#tastes
    this.#remember({ ...preferences, subtitleSizePercent: this.#about.subtitles.getState().sizePercent }, choice)
  }

  close(): void {
    this.#stopFollowing()
    if (this.#timer !== undefined) this.#save()
  }

  /** Chooses subtitles when the film's tracks are first known, and again when another copy or another sound comes. */
  #follow(): void {
    const { stream, audioTrackId } = this.#about.viewing.getState()
    if (!stream) return
    const seen = `${audioTrackId} ${stream.tracks.subtitles.map(({ id }) => id).join()}`
    if (seen === this.#seen) return
    this.#seen = seen
    const { preferences, choice } = this.#tastes
    this.#about.subtitles.choose(chooseSubtitle(stream.tracks, audioTrackId, preferences, choice.subtitle))
  }

  #remember(preferences: Preferences, choice: TitleChoice): void {
    this.#tastes = { preferences, choice }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#save(), SAVE_AFTER_MS)
  }

  #save(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { preferences, choice } = this.#tastes
    const { queryClient, titleId } = this.#about
    queryClient.setQueryData(preferencesQuery.queryKey, preferences)
    queryClient.setQueryData(titleChoiceQuery(titleId).queryKey, choice)
    // What cannot be saved still holds for this film; nobody is interrupted for it.
    savePreferences(preferences).catch(() => undefined)
    saveTitleChoice(titleId, choice).catch(() => undefined)
  }
}
