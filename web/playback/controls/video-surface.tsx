/** The picture as something to press: a click plays or pauses, a tap shows the controls, two taps at a side jump. */
import { type PointerEvent, useRef, useState } from 'react'
import { playerRequests } from '../player/player-requests.ts'
import type { Chrome } from '../player/use-chrome.ts'
import type { Player } from '../player/use-player.ts'
import { readTap, type TapBurst } from './tap-gesture.ts'

type Ripple = { key: number; side: 'start' | 'end'; seconds: number }

export function VideoSurface({ player, chrome }: { player: Player; chrome: Chrome }) {
  const burst = useRef<TapBurst>(undefined)
  const [ripple, setRipple] = useState<Ripple>()
  const tap = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'mouse') return
    const box = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - box.left) / box.width
    const read = readTap(burst.current, { atMs: event.timeStamp, share })
    burst.current = read.burst
    if (read.meaning === 'toggle-controls') chrome.toggle()
    if (read.meaning === 'toggle-fullscreen') playerRequests.toggleFullscreen(player)
    if (read.meaning === 'jump' && read.burst.side !== 'middle') {
      const { side, jumps } = read.burst
      playerRequests.seekBy(player, side === 'start' ? -10 : 10)
      setRipple({ key: event.timeStamp, side, seconds: jumps * 10 })
    }
  }
  const click = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'mouse' && event.button === 0) playerRequests.togglePlay(player)
  }
  return (
    <div
      aria-hidden
      data-testid="video-surface"
      onPointerUp={tap}
      onPointerDown={click}
      onDoubleClick={(event) =>
        event.nativeEvent instanceof MouseEvent &&
        !isTouch(event.nativeEvent) &&
        playerRequests.toggleFullscreen(player)
      }
      className={`absolute inset-0 ${chrome.isShown ? '' : 'cursor-none'}`}
    >
      {ripple && <Jump key={ripple.key} ripple={ripple} />}
    </div>
  )
}

/** A double tap also becomes a double click; only a mouse's counts. */
const isTouch = (event: MouseEvent): boolean => 'pointerType' in event && event.pointerType === 'touch'

function Jump({ ripple: { side, seconds } }: { ripple: Ripple }) {
  return (
    <div
      className={`absolute inset-y-0 grid w-[42%] animate-ripple place-items-center bg-white/15 text-lg font-semibold tabular-nums ${side === 'start' ? 'start-0 rounded-e-full' : 'end-0 rounded-s-full'}`}
    >
      {side === 'start' ? '−' : '+'}
      {seconds} s
    </div>
  )
}
