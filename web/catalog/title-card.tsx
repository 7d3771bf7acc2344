/** A title in the grid: its poster, its name, its year and length. */
import { Link } from '@tanstack/react-router'
import type { TitleCard as Card } from '../api.ts'
import { Poster } from '../ui/poster.tsx'
import { titleLine } from './title-line.ts'

type TitleCardProps = { title: Card; isFirst?: boolean; onOpen?: (() => void) | undefined }

export function TitleCard({ title, isFirst = false, onOpen }: TitleCardProps) {
  return (
    <Link
      to="/title/$titleId"
      params={{ titleId: title.id }}
      onClick={onOpen}
      className="group block rounded-card outline-offset-4 active:scale-[0.985] motion-safe:transition-transform"
    >
      <div className="aspect-2/3 overflow-hidden rounded-card border border-line/70 shadow-card">
        <Poster
          name={title.name}
          year={title.year}
          src={title.poster}
          hash={title.posterHash}
          isFirst={isFirst}
          className="transition duration-200 group-hover:scale-[1.03] group-hover:brightness-110"
        />
      </div>
      <h3 className="mt-2.5 line-clamp-2 leading-snug font-semibold">{title.name}</h3>
      <p className="text-sm text-quiet">{titleLine(title)}</p>
    </Link>
  )
}
