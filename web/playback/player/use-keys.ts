/** The keyboard of the player: keys become wishes (keyboard.ts), wishes become requests. */
import { useEffect, useRef } from 'react'
import { keyWish } from './keyboard.ts'
import { playerRequests } from './player-requests.ts'
import { goChapters, toggleSubtitles } from './track-requests.ts'
import type { Player } from './use-player.ts'

type Doing = { toggleHelp: () => void; closePanel: () => void; confirm: () => void; wake: () => void }

export function useKeys(player: Player, doing: Doing): void {
  const latest = useRef(doing)
  useEffect(() => {
    latest.current = doing
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const wish = keyWish(event, focusOf(event.target))
      if (!wish) return
      event.preventDefault()
      latest.current.wake()
      if (wish.ask === 'toggleHelp') latest.current.toggleHelp()
      else if (wish.ask === 'closePanel') latest.current.closePanel()
      else if (wish.ask === 'confirm') latest.current.confirm()
      else if (wish.ask === 'seekBy') playerRequests.seekBy(player, wish.seconds)
      else if (wish.ask === 'seekToShare') playerRequests.seekToShare(player, wish.share)
      else if (wish.ask === 'changeVolumeBy') playerRequests.changeVolumeBy(player, wish.change)
      else if (wish.ask === 'goChapters') goChapters(player, wish.by)
      else if (wish.ask === 'toggleSubtitles') toggleSubtitles(player)
      else if (wish.ask === 'shiftSubtitles')
        player.subtitles.setOffset(player.subtitles.getState().offsetSeconds + wish.seconds)
      else playerRequests[wish.ask](player)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [player])
}

function focusOf(target: EventTarget | null): 'button' | 'range' | 'text' | 'other' {
  if (target instanceof HTMLInputElement) return target.type === 'range' ? 'range' : 'text'
  if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) return 'button'
  return 'other'
}
