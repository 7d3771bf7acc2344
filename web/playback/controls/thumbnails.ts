/** The small picture of the film where a pointer rests; one that is missing is simply not shown. */
import { useEffect, useState } from 'react'
import { resourcePath, THUMBNAIL_SECONDS } from '#protocol/stream-url.ts'
import { type Player, usePlayerState, useViewing } from '../player/use-player.ts'
import { pictureOf } from './held-pictures.ts'

/** A pointer that only passes by fetches nothing. */
const REST_MS = 90
/** Nor does one that rests where a seek is under way, unless that waits for more than a processor. */
const SEEKING_MS = 1000

/** The picture of this moment as a URL for an image; undefined while it is on its way, or when there is none. */
export function useThumbnail(player: Player, seconds: number | undefined): string | undefined {
  const baseUrl = useViewing(player, (state) => state.baseUrl)
  const streamId = useViewing(player, (state) => (state.stream?.thumbnails ? state.stream.streamId : undefined))
  const isSeeking = usePlayerState(player, (state) => state.isSeeking)
  const index = seconds === undefined ? undefined : Math.floor(seconds / THUMBNAIL_SECONDS)
  const [shown, setShown] = useState<{ index: number; url: string }>()
  useEffect(() => {
    if (index === undefined || streamId === undefined || baseUrl === undefined) return
    let isWanted = true
    const timer = setTimeout(
      async () => {
        const url = await pictureOf(`${streamId} ${index}`, `${baseUrl}/${resourcePath({ kind: 'thumbnail', index })}`)
        if (isWanted && url !== undefined) setShown({ index, url })
      },
      isSeeking ? SEEKING_MS : REST_MS,
    )
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [isSeeking, index, streamId, baseUrl])
  // The neighbour's picture stays while its own is on the way: better than a hole that flickers.
  const isNear = shown !== undefined && index !== undefined && Math.abs(shown.index - index) <= 1
  return isNear ? shown.url : undefined
}
