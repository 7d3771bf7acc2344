/** Titles that Trakt names and this catalog does not know yet: their cards, so that nothing of a person's is left out. */
import { sql } from 'drizzle-orm'
import { titleIdOf } from '../../catalog/tmdb/title-ids.ts'
import type { Edge } from '../../edge.ts'
import { runAll } from '../../run-all.ts'
import { externalKeys, type Matched } from './match-titles.ts'
import type { TraktIds, TraktMedia } from './shapes.ts'

type Card = {
  id: string
  kind: TraktMedia['kind']
  name: string
  year: number | null
  showId: string | null
  season: number | null
  number: number | null
  keys: [string, string][]
}

/** Pure: the cards to make, shows before their episodes. What has no name, or no id that stays, is no title. */
export function newCards(unknown: readonly Matched<{ media: TraktMedia }>[]): Card[] {
  const cards = new Map<string, Card>()
  const add = (
    kind: TraktMedia['kind'],
    ids: TraktIds,
    name: string | null,
    more: Partial<Card>,
  ): string | undefined => {
    const id = cardId(kind, ids)
    if (id === undefined || name === null || name === '') return undefined
    const blank = { year: null, showId: null, season: null, number: null }
    if (!cards.has(id)) cards.set(id, { id, kind, name, ...blank, keys: externalKeys(kind, ids), ...more })
    return id
  }
  for (const { item, showId } of unknown) {
    const { media } = item
    if (media.kind !== 'episode') {
      add(media.kind, media.ids, media.name, { year: media.year })
      continue
    }
    const { show, season, number } = media
    const ofShow = showId ?? add('show', show.ids, show.name, { year: show.year })
    if (ofShow !== undefined)
      add('episode', media.ids, media.name ?? `Episode ${number}`, { showId: ofShow, season, number })
  }
  return [...cards.values()]
}

function cardId(kind: TraktMedia['kind'], { tmdb, trakt }: TraktIds): string | undefined {
  if (tmdb) return titleIdOf(kind, tmdb)
  return trakt ? `trakt-${kind}-${trakt}` : undefined
}

/** May run twice. Gives the rows it wrote. TMDB fills in the rest when it next looks (catalog/tmdb). */
export async function makeCards(edge: Edge, unknown: readonly Matched<{ media: TraktMedia }>[]): Promise<number> {
  const cards = newCards(unknown)
  if (cards.length === 0) return 0
  const list = JSON.stringify(cards)
  const { rowsWritten } = await runAll(edge, [
    sql`insert into titles (id, kind, name, overview, licence, credit, year, show_id, season_number, episode_number)
          select c.value ->> 'id', c.value ->> 'kind', c.value ->> 'name', '', '', '', c.value ->> 'year',
            c.value ->> 'showId', c.value ->> 'season', c.value ->> 'number'
          from json_each(${list}) as c where true on conflict do nothing`,
    sql`insert into external_ids (scheme, value, title_id)
          select k.value ->> 0, k.value ->> 1, c.value ->> 'id'
          from json_each(${list}) as c, json_each(c.value, '$.keys') as k where true on conflict do nothing`,
  ])
  return rowsWritten
}
