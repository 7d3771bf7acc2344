/** Sound off and on, and how loud; phones set the loudness by their own keys. */
import { Icon } from '../../ui/icon.tsx'
import { playerRequests } from '../player/player-requests.ts'
import { type Player, usePlayerState } from '../player/use-player.ts'

export function VolumeControl({ player, hasSlider }: { player: Player; hasSlider: boolean }) {
  const isMuted = usePlayerState(player, (state) => state.isMuted)
  const volume = usePlayerState(player, (state) => state.volume)
  const shown = isMuted ? 0 : Math.round(volume * 100)
  return (
    <div className="group/volume flex items-center">
      <button
        type="button"
        aria-label={isMuted ? 'Sound on' : 'Sound off'}
        onClick={() => playerRequests.toggleMute(player)}
        className="grid size-11 place-items-center rounded-full text-white transition-colors hover:bg-white/15"
      >
        <Icon name={isMuted ? 'muted' : 'volume'} className="size-5.5" />
      </button>
      {hasSlider && (
        <input
          type="range"
          aria-label="Volume"
          aria-valuetext={`${shown} %`}
          min={0}
          max={100}
          step={5}
          value={shown}
          onChange={(event) => playerRequests.setVolume(player, Number(event.target.value) / 100)}
          className="h-11 w-24 accent-lamp"
        />
      )}
    </div>
  )
}
