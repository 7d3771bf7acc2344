/** The round buttons of the player, named for what a press does. */
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../ui/icon.tsx'
import type { PlayerPhase } from '../player/player-phase.ts'
import { playerRequests } from '../player/player-requests.ts'
import { useIsFullscreen } from '../player/use-is-fullscreen.ts'
import { type Player, usePlayerState, useViewing } from '../player/use-player.ts'

/** Classes of every round control. */
export const round =
  'grid size-11 shrink-0 place-items-center rounded-full text-white transition-colors hover:bg-white/15 active:bg-white/25'

type RoundProps = {
  label: string
  onPress: () => void
  isLarge?: boolean
  isLit?: boolean
  /** Where a remote control begins. */
  isFirst?: boolean
  children: ReactNode
}

function Round({ label, onPress, isLarge = false, isLit = false, isFirst = false, children }: RoundProps) {
  // Over the picture itself: what is pointed at becomes darker, for a bright sky would swallow white on white.
  const light = isLit
    ? 'bg-lamp! text-on-lamp! shadow-[0_0_40px_var(--color-lamp)]'
    : 'bg-black/45 backdrop-blur-sm hover:bg-black/65! active:bg-black/75!'
  return (
    <button
      type="button"
      aria-label={label}
      data-first-stop={isFirst || undefined}
      onClick={onPress}
      className={isLarge ? `${round} size-16! ${light}` : round}
    >
      {children}
    </button>
  )
}

export function PlayButton({
  player,
  phase,
  isLarge = false,
}: {
  player: Player
  phase: PlayerPhase
  isLarge?: boolean
}) {
  const isPaused = usePlayerState(player, (state) => state.isPaused)
  const needsPress = useViewing(player, (state) => state.needsPress)
  const canPlay = isPaused && phase !== 'reconnecting'
  return (
    <Round
      label={canPlay ? 'Play' : 'Pause'}
      onPress={() => playerRequests.togglePlay(player)}
      isLarge={isLarge}
      isLit={needsPress}
      isFirst
    >
      <Icon name={canPlay ? 'play' : 'pause'} className={isLarge ? 'size-9' : 'size-7'} />
    </Round>
  )
}

export function JumpButton({
  player,
  seconds,
  isLarge = false,
}: {
  player: Player
  seconds: 10 | -10
  isLarge?: boolean
}) {
  return (
    <Round
      label={seconds < 0 ? 'Back 10 seconds' : 'On 10 seconds'}
      onPress={() => playerRequests.seekBy(player, seconds)}
      isLarge={isLarge}
    >
      <Icon name={seconds < 0 ? 'backTen' : 'onTen'} className={isLarge ? 'size-8' : 'size-6'} />
    </Round>
  )
}

export function PanelButton({
  icon,
  label,
  isOpen,
  onPress,
}: {
  icon: IconName
  label: string
  isOpen: boolean
  onPress: () => void
}) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-expanded={isOpen}
      onClick={onPress}
      className={`${round} ${isOpen ? 'text-lamp!' : ''}`}
    >
      <Icon name={icon} className="size-5.5" />
    </button>
  )
}

export function FullscreenButton({ player }: { player: Player }) {
  const isFullscreen = useIsFullscreen()
  return (
    <Round
      label={isFullscreen ? 'Leave full screen' : 'Full screen'}
      onPress={() => playerRequests.toggleFullscreen(player)}
    >
      <Icon name={isFullscreen ? 'shrink' : 'enlarge'} className="size-5.5" />
    </Round>
  )
}
