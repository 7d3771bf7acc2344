/** The keys of the player. */
import { keyHelp } from '../player/keyboard.ts'
import { PanelCard } from './panel-card.tsx'

export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <PanelCard title="Keys" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2 text-sm">
        {keyHelp.map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt className="font-semibold text-lamp">{keys}</dt>
            <dd className="text-quiet">{does}</dd>
          </div>
        ))}
      </dl>
    </PanelCard>
  )
}
