/** Which rows the front page shows, and in which order: pure, of what was read for it. */
import type { TitleCard } from '../../catalog/answers.ts'
import type { TitleRow } from './answers.ts'

type Found = { id: string; name: string; titles: TitleCard[]; listId?: string | null }

/** What was read for each kind of row; an absent one has no titles. */
export type FoundRows = {
  watchlist: Found
  /** Because they watched `of`. */
  because: { of: string | undefined; titles: TitleCard[] }
  personal: Found[]
  builtin: Found[]
  recent: TitleCard[]
  /** What can be had, by name. */
  shelf: TitleCard[]
}

/**
 * One's own first, then what fits, then what there is. What was only lately added says nothing while it is the same
 * films as the shelf below it.
 */
export function composeRows({ watchlist, because, personal, builtin, recent, shelf }: FoundRows): TitleRow[] {
  const onShelf = new Set(shelf.map(({ id }) => id))
  const isNews = recent.some(({ id }) => !onShelf.has(id))
  const rows: Found[] = [
    watchlist,
    {
      id: 'because',
      name: `Because you watched ${because.of}`,
      titles: because.of === undefined ? [] : because.titles,
    },
    ...personal,
    { id: 'recent', name: 'New at home', titles: isNews ? recent : [] },
    ...builtin,
    { id: 'shelf', name: 'At home', titles: shelf, listId: 'at-home' },
  ]
  return rows
    .filter(({ titles }) => titles.length > 0)
    .map(({ id, name, titles, listId = null }) => ({ id, name, listId, titles }))
}
