/** Sources that the operator adds by hand: sealed like those that were found, for one title or for a season's episodes. */
import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { AgentReply } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEvent, writeEventWhen } from '../../audit/write-event.ts'
import type { SignedInPerson } from '../../auth/may.ts'
import type { Edge } from '../../edge.ts'
import { blindIndexes, sealField } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { sha256 } from '../../sha256.ts'
import { episodeTextOf } from '../file-hint.ts'
import { foundSources } from '../found/schema.ts'
import { type SealedColumn, sealedPlace } from '../found/sealed-sources.ts'
import { sources, titles } from '../schema.ts'
import type { NewSource } from './answers.ts'
import { readOwnRelease } from './read-own-release.ts'
import { type OwnSource, readSource } from './read-source.ts'

/** Who told of it, in the provenance and on the page. */
export const OPERATOR = 'operator'
/** Rows in one batch: a season of a daily show is no pack. */
const MOST_EPISODES = 40
const MOST_CARRIED_CHARACTERS = 4_000_000

type ReadName = AgentReply<'read-release'>

const by = ({ id, sessionId }: SignedInPerson) => ({ actorId: id, sessionId })

/** Throws `not_found`, `invalid`, and `conflict` when every title it is for has it already. */
export async function addSource(
  edge: Edge,
  person: SignedInPerson,
  titleId: string,
  added: NewSource,
): Promise<{ count: number }> {
  const { db } = edge
  const own = await readSource(added)
  const meant = await titlesMeant(edge, titleId, added)
  const known = await titlesThatHaveIt(edge, meant, own)
  const fresh = meant.filter(({ id }) => !known.has(id))
  const [one] = fresh
  if (!one) throw new AppError('conflict', 'This copy is there already.')
  const read = await readOwnRelease(edge, one.id, own)
  const carried = carriedBy(fresh.length, own)
  const rows = await Promise.all(fresh.map((title) => rowsOf(edge, title, carried, read)))
  const [first, ...rest] = rows.flatMap(({ source, facts }) => [
    db.insert(sources).values(source).onConflictDoNothing(),
    db.insert(foundSources).values(facts).onConflictDoNothing(),
  ])
  if (!first) throw new TypeError('a title has rows')
  const how = added.magnet === undefined ? 'torrent' : 'magnet'
  const details = { title: titleId, by: how, count: fresh.length } as const
  await db.batch([first, ...rest, writeEvent(db, { kind: 'source_added', ...by(person), details }, edge)])
  return { count: fresh.length }
}

/** Throws `not_found` for what nobody added by hand. */
export async function removeSource(
  { db, ...edge }: Edge,
  person: SignedInPerson,
  titleId: string,
  sourceId: string,
): Promise<void> {
  const isOwn = and(eq(sources.id, sourceId), eq(sources.titleId, titleId), eq(sources.provider, OPERATOR))
  const [removed] = await db.batch([
    db.delete(sources).where(isOwn).returning({ id: sources.id }),
    writeEventWhen(db, changed, { kind: 'source_removed', ...by(person), details: { title: titleId } }, edge),
  ])
  if (removed.length === 0) throw new AppError('not_found', 'There is no such copy of yours. It may be gone already.')
}

type Title = Pick<typeof titles.$inferSelect, 'id' | 'kind' | 'seasonNumber' | 'episodeNumber'>

/** A film or an episode is meant itself; of a show or a season, an episode that is named, or all of a season. */
async function titlesMeant({ db }: Edge, titleId: string, added: NewSource): Promise<Title[]> {
  const { id, kind, seasonNumber, episodeNumber, showId } = titles
  const read = (where: SQL | undefined) =>
    db.select({ id, kind, seasonNumber, episodeNumber, showId }).from(titles).where(where).limit(MOST_EPISODES)
  const [title] = await read(eq(titles.id, titleId))
  if (!title) throw new AppError('not_found', 'There is no such title any more.')
  if (title.kind === 'movie' || title.kind === 'episode') return [title]
  const show = title.kind === 'show' ? title.id : title.showId
  const season = title.kind === 'season' ? title.seasonNumber : added.seasonNumber
  if (show === null || season === null || season === undefined) {
    throw new AppError('invalid', 'Please say which season of the show it is.')
  }
  const episodes = await read(
    and(
      ...[eq(titles.showId, show), eq(titles.kind, 'episode'), eq(titles.seasonNumber, season)],
      added.episodeNumber === undefined ? undefined : eq(titles.episodeNumber, added.episodeNumber),
    ),
  )
  if (episodes.length === 0) throw new AppError('not_found', 'The catalog has no such episode of this show.')
  return episodes
}

type Rows = { source: typeof sources.$inferInsert; facts: typeof foundSources.$inferInsert }

/** A .torrent with each episode of a season would be megabytes: then peers tell what is in it, unless it is private. */
function carriedBy(count: number, own: OwnSource): OwnSource {
  const { torrentFile, ...rest } = own.source
  const isLittle = (torrentFile?.length ?? 0) * count <= MOST_CARRIED_CHARACTERS
  return isLittle || own.isPrivate ? own : { ...own, source: rest }
}

async function rowsOf(edge: Edge, title: Title, own: OwnSource, { release, doubts }: ReadName): Promise<Rows> {
  const ring = readKeyring(edge.env.KEYRING)
  const { infoHash, magnet, torrentFile } = own.source
  const [infoHashIndex = ''] = await blindIndexes(ring, 'info-hash', infoHash)
  const reach = JSON.stringify([own.source, null, own.sizeBytes ?? null])
  const [reachIndex = ''] = await blindIndexes(ring, 'info-hash', reach)
  const id = (await sha256(JSON.stringify([OPERATOR, title.id, infoHashIndex]))).slice(0, 22)
  const seal = (column: SealedColumn, text: string) => sealField(ring, sealedPlace(id, column), text)
  const episode = episodeTextOf(title)
  return {
    source: {
      ...{ id, titleId: title.id, provider: OPERATOR, agentId: null, episode },
      infoHash: await seal('info_hash', infoHash),
      magnet: magnet === undefined ? null : await seal('magnet', magnet),
      torrentFile: torrentFile === undefined ? null : await seal('torrent_file', torrentFile),
      // Of a pack nobody knows which part of it is this episode.
      sizeBytes: episode === null ? (own.sizeBytes ?? null) : null,
    },
    facts: {
      ...{ sourceId: id, titleId: title.id, infoHashIndex, reachIndex },
      name: own.name ?? 'Added by hand',
      release: release === undefined ? null : JSON.stringify(release),
      doubts: doubts.length === 0 ? null : JSON.stringify(doubts),
      provenance: JSON.stringify([{ provider: OPERATOR, seenAt: edge.now }]),
      isOnOneAgent: false,
      seenAt: null,
    },
  }
}

/** From whomever: found, offered, built in, or added before. */
async function titlesThatHaveIt({ db, env }: Edge, meant: readonly Title[], own: OwnSource): Promise<Set<string>> {
  const { infoHash } = own.source
  const indexes = await blindIndexes(readKeyring(env.KEYRING), 'info-hash', infoHash)
  const among = (column: SQLWrapper, values: readonly string[]) =>
    sql`${column} in (select value from json_each(${JSON.stringify(values)}))`
  const ids = meant.map(({ id }) => id)
  const [found, plain] = await db.batch([
    db
      .select({ titleId: foundSources.titleId })
      .from(foundSources)
      .where(and(among(foundSources.titleId, ids), among(foundSources.infoHashIndex, indexes))),
    db
      .select({ titleId: sources.titleId })
      .from(sources)
      .where(and(among(sources.titleId, ids), eq(sources.infoHash, infoHash))),
  ])
  return new Set([...found, ...plain].map(({ titleId }) => titleId))
}
