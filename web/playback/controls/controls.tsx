/** The controls: way back and panels above, playing in the middle (thumbs) or below (mouse), the seek bar at the foot. */
import { Link } from '@tanstack/react-router'
import { Icon } from '../../ui/icon.tsx'
import type { PlayerPhase } from '../player/player-phase.ts'
import { useBlindTouch } from '../player/use-blind-touch.ts'
import type { Chrome } from '../player/use-chrome.ts'
import { useIsTouch } from '../player/use-is-touch.ts'
import type { Player } from '../player/use-player.ts'
import { FullscreenButton, JumpButton, PanelButton, PlayButton, round } from './player-buttons.tsx'
import { SeekBar } from './seek-bar.tsx'
import { TimeLabel } from './time-label.tsx'
import { VolumeControl } from './volume-control.tsx'

export type Panel = 'stats' | 'tracks' | 'quality' | 'help'

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
          <Link
            to="/title/$titleId"
            params={{ titleId }}
            replace
            aria-label="Back to the film’s page"
            className={round}
          >
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
                icon="tune"
                label="Picture and speed"
                isOpen={panel === 'quality'}
                onPress={() => onPanel('quality')}
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
          <JumpButton player={player} seconds={-10} isLarge />
          <PlayButton player={player} phase={phase} isLarge />
          <JumpButton player={player} seconds={10} isLarge />
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
                  <JumpButton player={player} seconds={-10} />
                  <JumpButton player={player} seconds={10} />
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
