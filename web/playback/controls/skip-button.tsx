/** Over the picture while something can be skipped: the intro, the recap, the credits. */
import { buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { skipAt } from '../player/film-parts.ts'
import { playerRequests } from '../player/player-requests.ts'
import { type Player, usePlayerState, useViewing } from '../player/use-player.ts'

/** `isRaised`: the controls are shown, and the button stands above them. */
export function SkipButton({ player, isRaised }: { player: Player; isRaised: boolean }) {
  const markers = useViewing(player, (state) => state.stream?.markers)
  const seconds = usePlayerState(player, (state) => Math.floor(state.positionSeconds))
  const duration = usePlayerState(player, (state) => state.durationSeconds)
  const skip = skipAt(markers ?? [], seconds, duration)
  if (!skip) return null
  return (
    <button
      type="button"
      onClick={() => playerRequests.seekTo(player, skip.toSeconds)}
      className={buttonClass(
        'quiet',
        `absolute end-[max(1rem,env(safe-area-inset-right))] animate-arrive bg-raised/90 backdrop-blur-sm transition-[bottom] sm:end-6 ${isRaised ? 'bottom-32' : 'bottom-8'}`,
      )}
    >
      {skip.label}
      <Icon name="skip" className="size-5" />
    </button>
  )
}
