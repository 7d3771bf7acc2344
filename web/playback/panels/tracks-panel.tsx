/** Sound and subtitles: which of the file's own, and subtitles from elsewhere. */
import { errorWords } from '../../error-words.ts'
import { type Player, useSubtitles, useViewing } from '../player/use-player.ts'
import { AddSubtitles } from './add-subtitles.tsx'
import { ChoiceList } from './choice-list.tsx'
import { Note } from './note.tsx'
import { PanelCard } from './panel-card.tsx'
import { SubtitleLook } from './subtitle-look.tsx'
import { audioLabel, subtitleLabel, subtitleNote } from './track-labels.ts'

export function TracksPanel({ player, onClose }: { player: Player; onClose: () => void }) {
  const tracks = useViewing(player, (state) => state.stream?.tracks)
  const audioTrackId = useViewing(player, (state) => state.audioTrackId)
  const isReplanning = useViewing(player, (state) => state.isReplanning)
  const notice = useViewing(player, (state) => state.notice)
  const subtitle = useSubtitles(player, (state) => state.track)
  const problem = useSubtitles(player, (state) => state.problem)
  const isLoading = useSubtitles(player, (state) => state.isLoading)
  const audio = tracks?.audio ?? []
  const subtitles = tracks?.subtitles ?? []
  const shown = subtitles.filter(({ kind }) => kind !== 'other')
  return (
    <PanelCard title="Sound and subtitles" onClose={onClose}>
      {notice && <Note text={`${errorWords[notice].title} The film goes on as it was.`} />}
      <ChoiceList
        title="Sound"
        choices={audio.map((track) => ({ value: track.id, label: audioLabel(track) }))}
        chosen={audioTrackId ?? -1}
        isBusy={isReplanning}
        onChoose={(id) => {
          const track = audio.find((each) => each.id === id)
          if (track) player.choices.audio(track)
        }}
      >
        {audio.length === 0 && <p className="py-2 text-sm">No sound in this copy.</p>}
      </ChoiceList>
      <ChoiceList
        title="Subtitles"
        choices={[
          { value: 'off', label: 'Off' },
          ...shown.map((track) => ({ value: track.id, label: subtitleLabel(track), note: subtitleNote(track) })),
        ]}
        chosen={subtitle?.id ?? 'off'}
        onChoose={(id) => player.choices.subtitle(shown.find((track) => track.id === id))}
      >
        {subtitles.length > shown.length && (
          <p className="py-1 text-xs text-quiet">Some subtitles of this copy are of a kind that no browser can show.</p>
        )}
      </ChoiceList>
      {isLoading && (
        <p role="status" className="py-1 text-sm text-quiet">
          Fetching subtitles…
        </p>
      )}
      {problem && <Note text={`The subtitles did not come. ${errorWords[problem].title} We keep trying.`} />}
      {subtitle && <SubtitleLook player={player} track={subtitle} />}
      <AddSubtitles player={player} />
    </PanelCard>
  )
}
