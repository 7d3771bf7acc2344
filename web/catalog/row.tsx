/** A row of cards that goes on beyond the edge of the screen. */
import { Link } from '@tanstack/react-router'
import { Children, type ReactNode, useId } from 'react'
import { Icon } from '../ui/icon.tsx'

type RowProps = { name: string; cardWidth: string; listId?: string | null; children: ReactNode }

/** Nothing at all while it is empty: an empty row would only ask for attention. */
export function Row({ name, cardWidth, listId = null, children }: RowProps) {
  const id = useId()
  if (Children.count(children) === 0) return null
  return (
    <section aria-labelledby={id} className="animate-arrive">
      <RowHead id={id} name={name} listId={listId} />
      <ul className="-mx-4 flex snap-x scroll-px-4 gap-4 overflow-x-auto px-4 pb-3 [scrollbar-width:none]">
        {Children.map(children, (card) => (
          <li className={`shrink-0 snap-start ${cardWidth}`}>{card}</li>
        ))}
      </ul>
    </section>
  )
}

/** The name of a row or a shelf; a press on it opens all of the list. */
export function RowHead({ id, name, listId }: { id: string; name: string; listId: string | null }) {
  return (
    <div className="mb-4 flex items-baseline justify-between gap-4">
      <h2 id={id} className="text-xl font-semibold">
        {name}
      </h2>
      {listId !== null && (
        <Link
          to="/list/$listId"
          params={{ listId }}
          aria-label={`All of ${name}`}
          className="inline-flex min-h-11 shrink-0 items-center gap-1 text-sm text-quiet hover:text-ink"
        >
          See all
          <Icon name="next" className="size-4" />
        </Link>
      )}
    </div>
  )
}
