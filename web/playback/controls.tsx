/** The controls: way back and panels above, playing in the middle (thumbs) or below (mouse), the seek bar at the foot. */
import { Link } from '@tanstack/react-router'
import { type MouseEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import { Icon, type IconName } from '../ui/icon.tsx'
import type { Panel } from './player-face.tsx'
import type { PlayerPhase } from './player-phase.ts'
import { playerRequests } from './player-requests.ts'
import { SeekBar } from './seek-bar.tsx'
import { TimeLabel } from './time-label.tsx'
import type { Chrome } from './use-chrome.ts'
import { useIsFullscreen } from './use-is-fullscreen.ts'
import { useIsTouch } from './use-is-touch.ts'
import { type Player, usePlayerState } from './use-player.ts'
import { VolumeControl } from './volume-control.tsx'

type ControlsProps = {
  player: Player
  phase: PlayerPhase
  titleId: string
  name: string
  chrome: Chrome
  panel: Panel | undefined
  onPanel: (panel: Panel) => void
}

export function Controls({ player, phase, titleId, name, chrome, panel, onPanel }: ControlsProps) {
  const isTouch = useIsTouch()
  const isUsable = phase !== 'opening' && phase !== 'failed'
  const fade = `transition-opacity duration-200 ${chrome.isShown ? 'opacity-100' : 'opacity-0'}`
  const blind = useBlindTouch(chrome)
  return (
    <div className="contents" {...blind}>
      <header
        className={`pointer-events-none absolute inset-x-0 top-0 bg-linear-to-b from-black/80 to-transparent pb-10 ${fade}`}
      >
        <div className="flex items-center gap-1 px-2 pt-[max(0.5rem,env(safe-area-inset-top))] *:pointer-events-auto sm:px-4">
          <Link to="/title/$titleId" params={{ titleId }} aria-label="Back to the film’s page" className={round}>
            <Icon name="back" />
          </Link>
          <p className="min-w-0 flex-1 truncate font-semibold">{name}</p>
          {isUsable && (
            <>
              <PanelButton
                icon="tracks"
                label="Sound and subtitles"
                isOpen={panel === 'tracks'}
                onPress={() => onPanel('tracks')}
              />
              <PanelButton
                icon="info"
                label="Stats for nerds"
                isOpen={panel === 'stats'}
                onPress={() => onPanel('stats')}
              />
              {!isTouch && (
                <PanelButton icon="keyboard" label="Keys" isOpen={panel === 'help'} onPress={() => onPanel('help')} />
              )}
            </>
          )}
        </div>
      </header>
      {isUsable && isTouch && phase !== 'ended' && (
        <div
          className={`pointer-events-none absolute inset-0 m-auto flex h-24 w-fit items-center gap-8 *:pointer-events-auto ${fade}`}
        >
          <Jump player={player} seconds={-10} isLarge />
          <PlayButton player={player} phase={phase} isLarge />
          <Jump player={player} seconds={10} isLarge />
        </div>
      )}
      {isUsable && (
        <footer
          className={`pointer-events-none absolute inset-x-0 bottom-0 bg-linear-to-t from-black/85 via-black/50 to-transparent pt-16 ${fade}`}
        >
          <div className="px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))] *:pointer-events-auto sm:px-6">
            <SeekBar player={player} />
            <div className="flex items-center gap-1">
              {!isTouch && (
                <>
                  <PlayButton player={player} phase={phase} />
                  <Jump player={player} seconds={-10} />
                  <Jump player={player} seconds={10} />
                </>
              )}
              <VolumeControl player={player} hasSlider={!isTouch} />
              <TimeLabel player={player} />
              <FullscreenButton player={player} />
            </div>
          </div>
        </footer>
      )}
    </div>
  )
}

/** A finger cannot press what it cannot see: its first touch on hidden controls only shows them. */
function useBlindTouch(chrome: Chrome) {
  const isBlind = useRef(false)
  return {
    onPointerDownCapture: (event: PointerEvent) => {
      isBlind.current = event.pointerType === 'touch' && !chrome.isShown
      if (!isBlind.current) return
      event.stopPropagation()
      chrome.wake()
    },
    onClickCapture: (event: MouseEvent) => {
      if (!isBlind.current) return
      isBlind.current = false
      event.stopPropagation()
      event.preventDefault()
    },
  }
}

const round =
  'grid size-11 shrink-0 place-items-center rounded-full text-white transition-colors hover:bg-white/15 active:bg-white/25'

function Round({
  label,
  onPress,
  isLarge = false,
  children,
}: {
  label: string
  onPress: () => void
  isLarge?: boolean
  children: ReactNode
}) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onPress}
      className={isLarge ? `${round} size-16! bg-black/45 backdrop-blur-sm` : round}
    >
      {children}
    </button>
  )
}

function PlayButton({ player, phase, isLarge = false }: { player: Player; phase: PlayerPhase; isLarge?: boolean }) {
  const isPaused = usePlayerState(player, (state) => state.isPaused)
  const canPlay = isPaused && phase !== 'reconnecting'
  return (
    <Round label={canPlay ? 'Play' : 'Pause'} onPress={() => playerRequests.togglePlay(player)} isLarge={isLarge}>
      <Icon name={canPlay ? 'play' : 'pause'} className={isLarge ? 'size-9' : 'size-7'} />
    </Round>
  )
}

function Jump({ player, seconds, isLarge = false }: { player: Player; seconds: 10 | -10; isLarge?: boolean }) {
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

function PanelButton({
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

function FullscreenButton({ player }: { player: Player }) {
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
