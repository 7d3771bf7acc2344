/** Which titles the operator's own films may be: the one that was said, by IMDb id, or by name and year; and which are gone. */
import { sql } from 'drizzle-orm'
import type { LocalFilm, LocalFilms, LocalFilmTitles } from '#protocol/local-films.ts'
import { TitleWish } from '#protocol/source-search.ts'
import type { Edge } from '../../edge.ts'
import { blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { otherNamesOf } from '../found/wish-of.ts'
import { wordsOf } from '../search/words.ts'

/** A short name begins many: the agent, which has the file, takes none that does not fit. */
const MOST_MATCHES = 500
/** A film is shown in one country this many years after another. */
const YEARS_APART = 1

type Row = {
  titleId: string
  /** Of an episode its show. */
  namedId: string
  kind: 'movie' | 'show'
  name: string
  originalName: string | null
  names: string | null
  year: number | null
  imdbId: string | null
  season: number | null
  episode: number | null
}

/** What is gone is withdrawn, if it was this agent's. Told again it changes nothing. */
export async function matchLocalFilms(
  edge: Edge,
  agentId: string,
  { films, gone }: LocalFilms,
): Promise<LocalFilmTitles> {
  if (gone.length > 0) await withdraw(edge, agentId, gone)
  const asked = films.filter(
    ({ title, imdbId, titleId }) => (imdbId ?? titleId) !== undefined || wordsOf(title).length > 0,
  )
  if (asked.length === 0) return { titles: [] }
  const rows = await edge.db.all<Row>(matchQuery(asked))
  const wishes = rows.flatMap((row) => TitleWish.safeParse(wishOfRow(row)).data ?? [])
  return { titles: [...new Map(wishes.map((wish) => [wish.titleId, wish])).values()] }
}

/** One statement for all of them: by the title's own id, by the index of ids elsewhere, and by that of names. */
function matchQuery(films: readonly LocalFilm[]) {
  const told = JSON.stringify(
    films.map(({ title, year, imdbId, episode, titleId }) => ({
      ...(titleId === undefined ? { match: matchOf(title), year, imdbId } : { match: nothing, titleId }),
      kind: episode ? 'show' : 'movie',
      ...(episode && { season: episode.season ?? 1, episode: episode.episode }),
    })),
  )
  const columns = sql`coalesce(e.id, t.id) as titleId, t.id as namedId, t.kind, t.name, t.original_name as originalName, t.names, t.year,
    (select value from external_ids where title_id = t.id and scheme = 'imdb') as imdbId,
    e.season_number as season, e.episode_number as episode`
  const ofEpisode = sql`left join titles as e on e.show_id = t.id and e.season_number = f.value ->> 'season'
      and e.episode_number = f.value ->> 'episode' and e.kind = 'episode'
    where t.kind = f.value ->> 'kind' and (t.kind = 'movie' or e.id is not null)`
  return sql`select * from (
      select ${columns} from json_each(${told}) as f
        cross join titles as t on t.id = f.value ->> 'titleId' ${ofEpisode}
      union
      select ${columns} from json_each(${told}) as f
        cross join external_ids as x on x.scheme = 'imdb' and x.value = f.value ->> 'imdbId'
        cross join titles as t on t.id = x.title_id ${ofEpisode}
      union
      select ${columns} from json_each(${told}) as f
        cross join title_fts on title_fts match (f.value ->> 'match')
        cross join title_search as s on s.id = title_fts.rowid
        cross join titles as t on t.id = s.title_id ${ofEpisode}
        and (t.kind = 'show' or t.year is null or f.value ->> 'year' is null
          or abs(t.year - (f.value ->> 'year')) <= ${YEARS_APART})
    ) limit ${MOST_MATCHES}`
}

/** An expression of no words is an error: this one finds nothing. */
const nothing = 'name : "" '

/** An expression of FTS5: names that begin so, with or without an article, or other names that hold it. */
function matchOf(title: string): string {
  const phrase = wordsOf(title).join(' ')
  if (phrase === '') return nothing
  const begins = ['', 'the ', 'a ', 'an '].map((article) => `^ "${article}${phrase}"`).join(' OR ')
  return `(name : (${begins})) OR (alternatives : "${phrase}")`
}

function wishOfRow({
  titleId,
  namedId,
  kind,
  name,
  originalName,
  names,
  year,
  imdbId,
  season,
  episode,
}: Row): TitleWish {
  return {
    ...{ titleId, name: name.slice(0, 200), otherNames: otherNamesOf({ name, originalName, names }) },
    ...(kind === 'show' ? { kind: 'episode', showId: namedId } : { kind: 'movie' }),
    ...(year === null ? {} : { year }),
    ...(imdbId !== null && /^tt\d{6,12}$/.test(imdbId) ? { imdbId } : {}),
    ...(episode === null ? {} : { episode: { ...(season === null ? {} : { season }), episode } }),
  }
}

/** By the sources of this agent, which an index finds: no other's are touched. */
async function withdraw({ db, env }: Edge, agentId: string, gone: readonly string[]): Promise<void> {
  const ring = readKeyring(env.KEYRING)
  const indexes = (await Promise.all(gone.map((infoHash) => blindIndexes(ring, 'info-hash', infoHash)))).flat()
  await db.run(sql`delete from sources where id in (
    select s.id from sources as s cross join found_sources as f on f.source_id = s.id
      where s.agent_id = ${agentId} and f.is_on_one_agent = 1
        and f.info_hash_index in (select value from json_each(${JSON.stringify(indexes)})))`)
}
