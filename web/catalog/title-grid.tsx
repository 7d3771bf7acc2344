/** Titles in a grid, as many beside each other as fit. */
import type { TitleCard as Card } from '../api.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TitleCard } from './title-card.tsx'

const grid = 'grid grid-cols-2 gap-x-4 gap-y-7 sm:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] sm:gap-x-6'

/** `onOpen` hears of a press on any of them. */
export function TitleGrid({ titles, onOpen }: { titles: readonly Card[]; onOpen?: () => void }) {
  return (
    <ul className={grid}>
      {titles.map((title, i) => (
        <li key={title.id}>
          <TitleCard title={title} isFirst={i < 2} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  )
}

export function TitleGridSkeleton() {
  return (
    <div className={grid}>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} className="aspect-2/3" />
      ))}
    </div>
  )
}
