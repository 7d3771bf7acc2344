/** How far the film is, and how much is left; a press switches between what is left and the whole length. */
import { useState } from 'react'
import { clock } from '../../ui/time-format.ts'
import { type Player, usePlayerState } from '../player/use-player.ts'

export function TimeLabel({ player }: { player: Player }) {
  const [showsLeft, setShowsLeft] = useState(true)
  const at = usePlayerState(player, (state) => Math.floor(state.positionSeconds))
  const whole = usePlayerState(player, (state) => state.durationSeconds)
  return (
    <p className="flex flex-1 items-center px-2 text-sm tabular-nums">
      <span data-testid="position">{clock(at)}</span>
      <span className="px-1.5 text-quiet">/</span>
      <button
        type="button"
        aria-label={showsLeft ? 'Show the whole length' : 'Show what is left'}
        onClick={() => setShowsLeft(!showsLeft)}
        className="-my-2 rounded-lg py-2 text-quiet hover:text-ink"
      >
        {showsLeft ? `−${clock(Math.max(0, Math.ceil(whole) - at))}` : clock(whole)}
      </button>
    </p>
  )
}
