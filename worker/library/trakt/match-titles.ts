/** Which titles of ours Trakt's are: by the ids they have elsewhere, an episode also by its show, a film we have by name and year. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db.ts'
import type { TraktIds, TraktMedia } from './shapes.ts'

/** `titleId` is undefined for what this catalog does not know. `showId` of an episode, when that is known. */
export type Matched<Item> = { item: Item; titleId: string | undefined; showId: string | undefined }

/** Under which scheme and value of `external_ids` each of its ids stands; the surest first. */
export function externalKeys(kind: TraktMedia['kind'], ids: TraktIds): [scheme: string, value: string][] {
  const { trakt, tmdb, tvdb, imdb } = ids
  const keys: [string, string | number | null | undefined][] = [
    [`tmdb:${kind}`, tmdb],
    ['imdb', imdb],
    [`trakt:${kind}`, trakt],
    [`tvdb:${kind}`, kind === 'movie' ? null : tvdb],
  ]
  return keys.flatMap(([scheme, value]) => (value ? [[scheme, String(value)]] : []))
}

/** One query, two where episodes or films have no id that is known here. */
export async function matchTitles<Item extends { media: TraktMedia }>(db: Db, items: Item[]): Promise<Matched<Item>[]> {
  const keysOf = ({ media }: Item) => externalKeys(media.kind, media.ids)
  const showKeysOf = ({ media }: Item) => (media.kind === 'episode' ? externalKeys('show', media.show.ids) : [])
  const known = await readExternal(db, new Map(items.flatMap((one) => [...keysOf(one), ...showKeysOf(one)]).map(named)))
  const found = (keys: [string, string][]) =>
    keys.map((key) => known.get(nameOf(key))).find((titleId) => titleId !== undefined)
  const matched = items.map((item) => ({ item, titleId: found(keysOf(item)), showId: found(showKeysOf(item)) }))
  const open = matched.filter(({ titleId }) => titleId === undefined)
  const others = open.length > 0 ? await readOthers(db, open) : new Map<string, string>()
  return matched.map((one) => ({ ...one, titleId: one.titleId ?? others.get(otherName(one)) }))
}

type Key = [scheme: string, value: string]
const nameOf = (key: Key) => key.join(' ')
const named = (key: Key): [string, Key] => [nameOf(key), key]

async function readExternal(db: Db, keys: Map<string, Key>): Promise<Map<string, string>> {
  if (keys.size === 0) return new Map()
  const rows = await db.all<{ scheme: string; value: string; titleId: string }>(
    sql`select e.scheme, e.value, e.title_id as "titleId" from json_each(${JSON.stringify([...keys.values()])}) as k
        join external_ids as e on e.scheme = k.value ->> 0 and e.value = k.value ->> 1`,
  )
  return new Map(rows.map(({ scheme, value, titleId }) => [nameOf([scheme, value]), titleId]))
}

/** What an episode or a film is called when it has no id of its own here. */
function otherName({ item: { media }, showId }: Matched<{ media: TraktMedia }>): string {
  if (media.kind === 'episode') return JSON.stringify([showId ?? '', media.season, media.number])
  return media.kind === 'movie' ? JSON.stringify([media.name, media.year]) : ''
}

async function readOthers(db: Db, open: Matched<{ media: TraktMedia }>[]): Promise<Map<string, string>> {
  const list = (kind: TraktMedia['kind']): SQL => {
    const names = open.filter(({ item }) => item.media.kind === kind).map(otherName)
    return sql`json_each(${`[${[...new Set(names)].join(',')}]`})`
  }
  const rows = await db.all<{ name: string; titleId: string }>(
    // A film that is at home may have come without ids; films that are nowhere to be had are not guessed at.
    sql`select k.value as name, t.id as "titleId" from ${list('episode')} as k
        join titles as t on t.show_id = k.value ->> 0 and t.season_number = k.value ->> 1 and t.episode_number = k.value ->> 2
        union all
        select k.value, t.id from ${list('movie')} as k
        join titles as t on t.available_at is not null and t.name = k.value ->> 0 and t.kind = 'movie' and t.year = k.value ->> 1`,
  )
  return new Map(rows.map(({ name, titleId }) => [name, titleId]))
}
