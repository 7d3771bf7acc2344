/**
 * TMDB now and then merges two of its entries: the old number is gone, or answers as the new one. Then two titles of ours
 * are one, and what anybody watched, listed or serves of the old one goes over to the one that stays.
 */
import * as z from 'zod'
import { forgetTags } from '../../cache/cache.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { titleTag } from '../title-tag.ts'
import { askTmdb, TmdbError } from './ask-tmdb.ts'
import type { TitleContents } from './read-details.ts'
import { resolveTitles } from './resolve-titles.ts'
import { isTmdbs, type TmdbKind, tmdbWord } from './title-ids.ts'

/** Moves what rooms further right keep of a title, newest first. May be told the same twice. */
export type OnMerged = (edge: Edge, from: string, into: string) => Promise<void>

/**
 * The answer was of another number, which another title of ours stands for: then the asked one is no more. Where TMDB's
 * words are not the asked one's own, it is the one that stays, and its answer is still worth keeping.
 */
export async function isFolded(
  edge: Edge,
  asked: { kind: TmdbKind; tmdbId: number; titleId: string },
  answeredId: number,
  onMerged: OnMerged,
): Promise<boolean> {
  if (answeredId === asked.tmdbId) return false
  const idOf = await resolveTitles(edge, [{ kind: asked.kind, tmdbId: answeredId }])
  const into = idOf(asked.kind, answeredId)
  if (into === asked.titleId || !(await exists(edge, into))) return false
  if (isTmdbs(asked.titleId)) {
    await fold(edge, asked.titleId, into, onMerged)
    return true
  }
  if (isTmdbs(into)) await fold(edge, into, asked.titleId, onMerged)
  return false
}

const twin = `select ids.title_id as titleId, numbers.value as tmdbId from external_ids as ids
  join external_ids as numbers on numbers.title_id = ids.title_id and numbers.scheme = ?2
  where ids.scheme = 'imdb' and ids.value = ?1 and ids.title_id <> ?3`

/** Another title has this one's IMDb id, and its own number is gone. Two that are both there are left alone. */
export async function foldTwin(
  edge: Edge,
  kind: TmdbKind,
  { title, ids }: TitleContents,
  onMerged: OnMerged,
): Promise<void> {
  const imdb = ids.find(({ scheme }) => scheme === 'imdb')?.value
  if (imdb === undefined) return
  const other = await edge.env.DB.prepare(twin)
    .bind(imdb, `tmdb:${kind}`, title.id)
    .first<{ titleId: string; tmdbId: string }>()
  if (other && isTmdbs(other.titleId) && (await isGone(edge, kind, other.tmdbId))) {
    await fold(edge, other.titleId, title.id, onMerged)
  }
}

async function isGone(edge: Edge, kind: TmdbKind, tmdbId: string): Promise<boolean> {
  const path = `/${tmdbWord(kind)}/${tmdbId}`
  try {
    await askTmdb(edge, { path, schema: z.object({}), priority: 'task' })
    return false
  } catch (error) {
    if (error instanceof TmdbError && error.trouble === 'gone') return true
    throw error
  }
}

const exists = async ({ env }: Edge, titleId: string): Promise<boolean> =>
  (await env.DB.prepare('select 1 from titles where id = ?').bind(titleId).first()) !== null

/** The other room first: cut short, all of it is found again at the next look. */
async function fold(edge: Edge, from: string, into: string, onMerged: OnMerged): Promise<void> {
  await onMerged(edge, from, into)
  const { DB } = edge.env
  await DB.batch(
    [
      'update external_ids set title_id = ?2 where title_id = ?1',
      'update sources set title_id = ?2 where title_id = ?1',
      'update or ignore list_items set title_id = ?2 where title_id = ?1',
      // Seasons and episodes of the one that stays come with its own look.
      'update titles set show_id = ?2 where show_id = ?1 and not exists (select 1 from titles as own where own.show_id = ?2)',
    ].map((statement) => DB.prepare(statement).bind(from, into)),
  )
  await DB.prepare('delete from titles where id = ?').bind(from).run()
  await forgetTags(edge, [titleTag(from)])
  log('info', 'titles_merged', { correlationId: edge.correlationId })
}
