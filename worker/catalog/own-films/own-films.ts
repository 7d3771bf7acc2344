/** An agent's own films for the admin: the agent keeps what they are, and the edge knows what the titles are called. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { OwnFilmChoice, OwnFilmView } from '#protocol/own-films.ts'
import { askKnowing } from '../../agents/upkeep/ask-knowing.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { SignedInPerson } from '../../auth/may.ts'
import type { Edge } from '../../edge.ts'
import { sha256 } from '../../sha256.ts'
import { titles } from '../schema.ts'
import { learnWordsOf } from '../search/index-search.ts'
import type { OwnFilmList, OwnFilmSaid, OwnFilmTitle } from './answers.ts'

const show = alias(titles, 'show')

/** Throws what `askKnowing` throws. */
export async function listOwnFilms(
  edge: Edge,
  agentId: string,
  page: { view: OwnFilmView; from: number },
): Promise<z.infer<typeof OwnFilmList>> {
  const { films, ...rest } = await askKnowing(edge, agentId, { kind: 'own-films', ...page })
  const known = await readTitles(edge, [...new Set(films.flatMap(({ titleIds }) => titleIds))])
  return {
    ...rest,
    films: films.map(({ titleIds, ...film }) => {
      const meant = titleIds.flatMap((id) => known.get(id) ?? [])
      return { ...film, titles: [...new Map(meant.map((title) => [title.id, title])).values()] }
    }),
  }
}

/** By id; an episode and a season are named by their show. */
async function readTitles({ db }: Edge, ids: readonly string[]): Promise<Map<string, OwnFilmTitle>> {
  if (ids.length === 0) return new Map()
  const own = { id: titles.id, kind: titles.kind, name: titles.name, year: titles.year }
  const rows = await db
    .select({ ...own, ofShow: { id: show.id, kind: show.kind, name: show.name, year: show.year } })
    .from(titles)
    .leftJoin(show, eq(show.id, titles.showId))
    .where(sql`${titles.id} in (select value from json_each(${JSON.stringify(ids)}))`)
  return new Map(
    rows.map(({ ofShow, ...title }) => {
      const { kind, ...words } = ofShow ?? title
      return [title.id, { ...words, kind: kind === 'movie' ? 'movie' : 'show' }]
    }),
  )
}

/** Throws `not_found`, `invalid`, and what `askKnowing` throws. What the agent does not take is not in the audit. */
export async function setOwnFilm(
  edge: Edge,
  { id: actorId, sessionId }: SignedInPerson,
  { id: agentId, film }: { id: string; film: string },
  said: OwnFilmSaid | null,
): Promise<void> {
  // A title is made before its film is told of it: of an agent that is away none remains.
  if (said && 'newTitle' in said) await askKnowing(edge, agentId, { kind: 'own-films', view: 'unmatched', from: 0 })
  const choice = said === null ? null : await choiceOf(edge, said)
  await askKnowing(edge, agentId, { kind: 'set-own-film', id: film, choice })
  const details =
    choice === null
      ? { by: 'taken_back' as const }
      : choice.kind === 'none'
        ? { by: 'aside' as const }
        : { by: 'title' as const, title: choice.titleId }
  await writeEvent(edge.db, { kind: 'own_film_changed', actorId, sessionId, subjectId: agentId, details }, edge)
}

async function choiceOf(edge: Edge, said: OwnFilmSaid): Promise<OwnFilmChoice> {
  if ('isFilm' in said) return { kind: 'none' }
  if ('newTitle' in said) return { kind: 'movie', titleId: await addTitle(edge, said.newTitle) }
  const { titleId, seasonNumber: season, episodeNumber: episode } = said
  const [title] = await edge.db
    .select({ kind: titles.kind })
    .from(titles)
    .where(and(eq(titles.id, titleId), inArray(titles.kind, ['movie', 'show'])))
  if (!title) throw new AppError('not_found', 'There is no such title any more.')
  if (title.kind === 'movie') return { kind: 'movie', titleId }
  if (episode === undefined) return { kind: 'show', titleId }
  const isNamed = and(eq(titles.showId, titleId), eq(titles.kind, 'episode'), eq(titles.seasonNumber, season ?? 1))
  const [part] = await edge.db
    .select({ id: titles.id })
    .from(titles)
    .where(and(isNamed, eq(titles.episodeNumber, episode)))
  if (!part) throw new AppError('not_found', 'The catalog has no such episode of this show.')
  return { kind: 'show', titleId, episode: { season: season ?? 1, episode } }
}

/** Nobody's but the household's own: a birthday, a play at school. Of the same name and year there is one. */
async function addTitle({ db }: Edge, { name, year }: { name: string; year?: number | undefined }): Promise<string> {
  const id = (await sha256(JSON.stringify(['own title', name, year ?? null]))).slice(0, 22)
  const row = { id, kind: 'movie' as const, name, overview: '', licence: '', credit: '', year: year ?? null }
  await db.batch([learnWordsOf(db, [row]), db.insert(titles).values(row).onConflictDoNothing()])
  return id
}
