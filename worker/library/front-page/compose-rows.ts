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
  open: TitleCard[]
}

/**
 * One's own first, then what fits, then what there is. What was only lately added says nothing while it is the same
 * films as the shelf below it.
 */
export function composeRows({ watchlist, because, personal, builtin, recent, open }: FoundRows): TitleRow[] {
  const onShelf = new Set(open.map(({ id }) => id))
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
    { id: 'open-films', name: 'Open films', titles: open },
  ]
  return rows
    .filter(({ titles }) => titles.length > 0)
    .map(({ id, name, titles, listId = null }) => ({ id, name, listId, titles }))
}
