/** When and how large the chosen subtitles are shown. */
import type { SubtitleTrack } from '#protocol/tracks.ts'
import { type Player, useSubtitles } from '../player/use-player.ts'
import { Stepper } from './stepper.tsx'
import { offsetLabel } from './track-labels.ts'

const SIZE_STEP = 10

export function SubtitleLook({ player, track }: { player: Player; track: SubtitleTrack }) {
  const offset = useSubtitles(player, (state) => state.offsetSeconds)
  const size = useSubtitles(player, (state) => state.sizePercent)
  const { subtitles, choices } = player
  const by = (seconds: number) => () => subtitles.setOffset(subtitles.getState().offsetSeconds + seconds)
  return (
    <div className="mt-2 border-t border-line pt-2">
      <Stepper
        title="Timing"
        value={offsetLabel(offset)}
        less={[
          { label: 'Half a second earlier', short: '−½', onPress: by(-0.5) },
          { label: 'A tenth of a second earlier', onPress: by(-0.1) },
        ]}
        more={[
          { label: 'A tenth of a second later', onPress: by(0.1) },
          { label: 'Half a second later', short: '+½', onPress: by(0.5) },
        ]}
        onReset={() => subtitles.setOffset(0)}
      />
      {track.kind === 'text' && (
        <Stepper
          title="Size"
          value={`${size} %`}
          less={[{ label: 'Smaller', onPress: () => choices.subtitleSize(size - SIZE_STEP) }]}
          more={[{ label: 'Larger', onPress: () => choices.subtitleSize(size + SIZE_STEP) }]}
          onReset={() => choices.subtitleSize(100)}
        />
      )}
    </div>
  )
}
