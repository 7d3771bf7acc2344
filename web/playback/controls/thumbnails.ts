/** Small pictures of the film for the seek bar, fetched one at a time and kept; one that is missing is simply not shown. */
import { useEffect, useState } from 'react'
import { resourcePath, THUMBNAIL_SECONDS } from '#protocol/stream-url.ts'
import { type Player, useViewing } from '../player/use-player.ts'
import { homeFetch } from '../transports/ways-home.ts'

const KEPT = 80
/** A pointer that only passes by fetches nothing. */
const REST_MS = 90

/** Fetched as bytes and shown from a blob: the page's policy lets pictures come from no other machine in the house. */
const held = new Map<string, Promise<string | undefined>>()

/** The picture of this moment as a URL for an image; undefined while it is on its way, or when there is none. */
export function useThumbnail(player: Player, seconds: number | undefined): string | undefined {
  const baseUrl = useViewing(player, (state) => state.baseUrl)
  const streamId = useViewing(player, (state) => (state.stream?.thumbnails ? state.stream.streamId : undefined))
  const index = seconds === undefined ? undefined : Math.floor(seconds / THUMBNAIL_SECONDS)
  const [shown, setShown] = useState<{ index: number; url: string }>()
  useEffect(() => {
    if (index === undefined || streamId === undefined || baseUrl === undefined) return
    let isWanted = true
    const timer = setTimeout(async () => {
      const url = await pictureOf(`${streamId} ${index}`, `${baseUrl}/${resourcePath({ kind: 'thumbnail', index })}`)
      if (isWanted && url !== undefined) setShown({ index, url })
    }, REST_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [index, streamId, baseUrl])
  // The neighbour's picture stays while its own is on the way: better than a hole that flickers.
  const isNear = shown !== undefined && index !== undefined && Math.abs(shown.index - index) <= 1
  return isNear ? shown.url : undefined
}

function pictureOf(key: string, url: string): Promise<string | undefined> {
  const known = held.get(key)
  if (known) return known
  const picture = homeFetch(url)
    .then(async (response) => (response.ok ? URL.createObjectURL(await response.blob()) : undefined))
    .catch(() => undefined)
  held.set(key, picture)
  void picture.then((made) => made === undefined && held.delete(key))
  for (const [old, was] of held) {
    if (held.size <= KEPT) break
    held.delete(old)
    void was.then((made) => made !== undefined && URL.revokeObjectURL(made))
  }
  return picture
}
