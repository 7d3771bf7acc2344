/** Puts a player together around a video element, and takes it apart when the page is left. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { continueQuery, progressQuery } from '../../queries.ts'
import { Screen } from '../engine/screen.ts'
import { Viewing } from '../engine/viewing.ts'
import type { ViewingState } from '../engine/viewing-state.ts'
import { keepProgress } from '../progress/progress-keeper.ts'
import type { PlayerParts } from './player-requests.ts'
import { followPlayer, type PlayerState, type PlayerStore } from './player-state.ts'
import { keepAwake, lightFavicon } from './while-playing.ts'

export type Player = PlayerParts & { viewing: Viewing; store: PlayerStore }

type Elements = { video: HTMLVideoElement | null; canvas: HTMLCanvasElement | null; root: HTMLElement | null }
type Watching = { titleId: string; personId: string; startSeconds: number }

/** Undefined until the elements are on the page. */
export function usePlayer({ video, canvas, root }: Elements, { titleId, personId, startSeconds }: Watching) {
  const [player, setPlayer] = useState<Player>()
  const queryClient = useQueryClient()
  useEffect(() => {
    if (!video || !canvas || !root) return
    const leaving = new AbortController()
    const { signal } = leaving
    const viewing = new Viewing(new Screen(video, canvas), titleId, startSeconds)
    const store = followPlayer(video, signal)
    keepProgress({
      video,
      personId,
      titleId,
      positionSeconds: () => viewing.positionSeconds,
      onSaved: (progress) => {
        queryClient.setQueryData(progressQuery(titleId).queryKey, progress)
        queryClient.invalidateQueries({ queryKey: continueQuery.queryKey, exact: true })
      },
      signal,
    })
    keepAwake(video, signal)
    lightFavicon(video, signal)
    setPlayer({ video, root, viewing, store })
    // In development React mounts everything twice; only the mount that stays opens a stream.
    const timer = setTimeout(() => viewing.start())
    return () => {
      clearTimeout(timer)
      // Progress first: it is read from the element that closing empties.
      leaving.abort()
      viewing.close()
      setPlayer(undefined)
    }
  }, [video, canvas, root, titleId, personId, startSeconds, queryClient])
  return player
}

/** One piece of the element's state; the component is drawn again only when that piece changes. */
export const usePlayerState = <T>(player: Player, pick: (state: PlayerState) => T): T =>
  useSyncExternalStore(player.store.subscribe, () => pick(player.store.getState()))

export const useViewing = <T>(player: Player, pick: (state: ViewingState) => T): T =>
  useSyncExternalStore(player.viewing.subscribe, () => pick(player.viewing.getState()))
