/** Picture and speed: how large the picture is, and how fast the film runs. */
import { useState } from 'react'
import { errorWords } from '../../error-words.ts'
import { playerRequests, speeds } from '../player/player-requests.ts'
import { type Player, usePlayerState, useViewing } from '../player/use-player.ts'
import { ChoiceList } from './choice-list.tsx'
import { Note } from './note.tsx'
import { PanelCard } from './panel-card.tsx'
import { qualityChoices } from './quality-choices.ts'

export function QualityPanel({ player, onClose }: { player: Player; onClose: () => void }) {
  const stream = useViewing(player, (state) => state.stream)
  const chosen = useViewing(player, (state) => state.chosenHeightPixels)
  const isReplanning = useViewing(player, (state) => state.isReplanning)
  const notice = useViewing(player, (state) => state.notice)
  const speed = usePlayerState(player, (state) => state.speed)
  const [wanted, setWanted] = useState<number>()
  return (
    <PanelCard title="Picture and speed" onClose={onClose}>
      {notice && <Note text={`${errorWords[notice].title} ${errorWords[notice].text} The film goes on as it was.`} />}
      <ChoiceList
        title="Picture"
        choices={qualityChoices(stream?.tracks, stream?.plan.heightPixels)}
        chosen={isReplanning ? wanted : chosen}
        isBusy={isReplanning}
        onChoose={(height) => {
          setWanted(height)
          void player.viewing.chooseQuality(height)
        }}
      />
      <ChoiceList
        title="Speed"
        choices={speeds.map((value) => ({ value, label: value === 1 ? 'As filmed' : `${value}×` }))}
        chosen={speed}
        onChoose={(value) => playerRequests.setSpeed(player, value)}
      />
    </PanelCard>
  )
}
