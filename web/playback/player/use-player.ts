/** Puts a player together around a video element, and takes it apart when the page is left. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { frontPageQuery, progressQuery } from '../../queries.ts'
import { askForSource } from '../engine/asked-source.ts'
import { Screen } from '../engine/screen.ts'
import { Viewing } from '../engine/viewing.ts'
import type { ViewingState } from '../engine/viewing-state.ts'
import { keepProgress } from '../progress/progress-keeper.ts'
import { Subtitles, type SubtitlesState } from '../subtitles/subtitles.ts'
import { Choices, type Tastes } from './choices.ts'
import { firstWish } from './first-wish.ts'
import type { PlayerParts } from './player-requests.ts'
import { followPlayer, type PlayerState, type PlayerStore } from './player-state.ts'
import { keepAwake, lightFavicon } from './while-playing.ts'

export type Player = PlayerParts & { viewing: Viewing; store: PlayerStore; subtitles: Subtitles; choices: Choices }

type Elements = { video: HTMLVideoElement | null; canvas: HTMLCanvasElement | null; root: HTMLElement | null }
/** `tastes` is what was known when the film was opened; it must not change afterwards. */
type Watching = {
  titleId: string
  personId: string
  sourceId: string | undefined
  startSeconds: number
  tastes: Tastes
}

/** Undefined until the elements are on the page. */
export function usePlayer({ video, canvas, root }: Elements, watching: Watching) {
  const { titleId, personId, sourceId, startSeconds, tastes } = watching
  const [player, setPlayer] = useState<Player>()
  const queryClient = useQueryClient()
  useEffect(() => {
    if (!video || !canvas || !root) return
    const leaving = new AbortController()
    const { signal } = leaving
    askForSource(titleId, sourceId)
    const viewing = new Viewing(new Screen(video, canvas), titleId, startSeconds, firstWish(tastes))
    const store = followPlayer(video, signal)
    const fontCount = () => viewing.getState().stream?.fontCount ?? 0
    const subtitles = new Subtitles(video, () => viewing.getState().baseUrl, fontCount)
    const choices = new Choices({ viewing, subtitles, titleId, tastes, queryClient })
    keepProgress({
      video,
      personId,
      titleId,
      positionSeconds: () => viewing.positionSeconds,
      file: () => fileOf(viewing.getState().stream),
      onSaved: (progress) => {
        queryClient.setQueryData(progressQuery(titleId).queryKey, progress)
        queryClient.invalidateQueries({ queryKey: frontPageQuery.queryKey, exact: true })
      },
      signal,
    })
    keepAwake(video, signal)
    lightFavicon(video, signal)
    setPlayer({ video, root, viewing, store, subtitles, choices })
    // In development React mounts everything twice; only the mount that stays opens a stream.
    const timer = setTimeout(() => viewing.start())
    return () => {
      clearTimeout(timer)
      // Progress first: it is read from the element that closing empties.
      leaving.abort()
      choices.close()
      subtitles.close()
      viewing.close()
      setPlayer(undefined)
    }
  }, [video, canvas, root, titleId, personId, sourceId, startSeconds, tastes, queryClient])
  return player
}

/** Which file plays and where its credits begin, as far as is known. */
function fileOf(stream: ViewingState['stream']): { sourceId?: string; creditsAtSeconds?: number } {
  const credits = stream?.markers.findLast(({ kind }) => kind === 'credits')
  return {
    ...(stream?.sourceId !== undefined && { sourceId: stream.sourceId }),
    ...(credits && { creditsAtSeconds: credits.startSeconds }),
  }
}

/** One piece of the element's state; the component is drawn again only when that piece changes. */
export const usePlayerState = <T>(player: Player, pick: (state: PlayerState) => T): T =>
  useSyncExternalStore(player.store.subscribe, () => pick(player.store.getState()))

export const useViewing = <T>(player: Player, pick: (state: ViewingState) => T): T =>
  useSyncExternalStore(player.viewing.subscribe, () => pick(player.viewing.getState()))

export const useSubtitles = <T>(player: Player, pick: (state: SubtitlesState) => T): T =>
  useSyncExternalStore(player.subtitles.subscribe, () => pick(player.subtitles.getState()))
