/** The episode after the one that plays: asked for once, offered near the end, and begun when nobody objects. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { NextEpisode, Title } from '../../api.ts'
import { nextEpisodeQuery } from '../../queries.ts'
import { type Player, usePlayerState, useViewing } from '../player/use-player.ts'
import { type NextOffer, nextOffer, offerFromSeconds } from './next-offer.ts'

/** Long enough to reach for the remote. */
const COUNT_SECONDS = 10

export type Next = {
  offer: NextOffer
  episode: NextEpisode | undefined
  /** Until it begins by itself, while `counting`. */
  secondsLeft: number
  play: () => void
  refuse: () => void
}

export function useNext(player: Player, title: Title | undefined, isEnded: boolean): Next {
  const { data } = useQuery({ ...nextEpisodeQuery(title?.id ?? ''), enabled: title?.kind === 'episode' })
  const episode = data ?? undefined
  const [isRefused, setIsRefused] = useState(false)
  const creditsAt = useViewing(player, ({ stream }) => stream?.markers.findLast(isCredits)?.startSeconds)
  const isNear = usePlayerState(
    player,
    (state) => state.positionSeconds >= offerFromSeconds(state.durationSeconds, creditsAt),
  )
  const offer = nextOffer({ next: episode, isNear, isEnded, isRefused })
  const nextId = episode?.title.id
  const navigate = useNavigate()
  const router = useRouter()
  const play = useCallback(() => {
    // Back leads to where the first episode was begun, not through all that were watched since.
    if (nextId !== undefined) void navigate({ to: '/watch/$titleId', params: { titleId: nextId }, replace: true })
  }, [navigate, nextId])
  const isOffered = offer === 'card' || offer === 'counting'
  useEffect(() => {
    if (!isOffered || nextId === undefined) return
    // What the player asks first is there then; what does not come now comes with the press.
    router.preloadRoute({ to: '/watch/$titleId', params: { titleId: nextId } }).catch(() => undefined)
  }, [isOffered, nextId, router])
  const secondsLeft = useCountdown(offer === 'counting', play)
  return { offer, episode, secondsLeft, play, refuse: () => setIsRefused(true) }
}

const isCredits = ({ kind }: { kind: string }) => kind === 'credits'

/** Seconds that are left; calls `onEnd` when there are none. */
function useCountdown(isCounting: boolean, onEnd: () => void): number {
  const [left, setLeft] = useState(COUNT_SECONDS)
  useEffect(() => {
    if (!isCounting) return
    const endsAtMs = Date.now() + COUNT_SECONDS * 1000
    setLeft(COUNT_SECONDS)
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((endsAtMs - Date.now()) / 1000))
      setLeft(seconds)
      if (seconds > 0) return
      clearInterval(timer)
      onEnd()
    }, 250)
    return () => clearInterval(timer)
  }, [isCounting, onEnd])
  return left
}
