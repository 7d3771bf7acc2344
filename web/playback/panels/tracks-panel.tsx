/** What sound and subtitles this copy holds. */
import { Icon } from '../../ui/icon.tsx'
import { type Player, useViewing } from '../player/use-player.ts'
import { PanelCard } from './panel-card.tsx'
import { audioLabel, subtitleLabel } from './track-labels.ts'

export function TracksPanel({ player, onClose }: { player: Player; onClose: () => void }) {
  const tracks = useViewing(player, (state) => state.stream?.tracks)
  return (
    <PanelCard title="Sound and subtitles" onClose={onClose}>
      <Group
        title="Sound"
        tracks={tracks?.audio.map((track) => ({ id: track.id, label: audioLabel(track) })) ?? []}
        none="No sound in this copy."
        hasCurrent
      />
      <Group
        title="Subtitles"
        tracks={tracks?.subtitles.map((track) => ({ id: track.id, label: subtitleLabel(track) })) ?? []}
        none="No subtitles in this copy."
        hasCurrent={false}
      />
    </PanelCard>
  )
}

type GroupProps = { title: string; tracks: { id: number | string; label: string }[]; none: string; hasCurrent: boolean }

/** The browser plays the first sound of a file that it opens by itself. */
function Group({ title, tracks, none, hasCurrent }: GroupProps) {
  return (
    <div className="pt-2">
      <h3 className="text-sm text-quiet">{title}</h3>
      {tracks.length === 0 && <p className="py-2 text-sm">{none}</p>}
      <ul>
        {tracks.map(({ id, label }, i) => (
          <li key={id} className="flex min-h-10 items-center gap-3 text-sm">
            <span className="size-5">
              {hasCurrent && i === 0 && <Icon name="check" className="size-5 text-lamp" />}
            </span>
            {label}
            {hasCurrent && i === 0 && <span className="sr-only">, playing</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
