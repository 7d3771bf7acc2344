/** Takes in what an agent found of a title: sealed, once for each info hash, and written only where something changed. */
import { and, eq, type inArray, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { ReleaseDoubt } from '#protocol/release.ts'
import type { FoundSource, FoundSources, Provenance } from '#protocol/source-search.ts'
import type { Edge } from '../../edge.ts'
import { blindIndexes, sealField } from '../../field-encryption.ts'
import { type Keyring, readKeyring } from '../../keyring.ts'
import { sha256 } from '../../sha256.ts'
import { episodeTextOf } from '../file-hint.ts'
import { sources, titles } from '../schema.ts'
import { readDoubts, readProvenance } from './read-facts.ts'
import { foundSources } from './schema.ts'
import { type SealedColumn, sealedPlace } from './sealed-sources.ts'

const MOST_TELLERS = 16

type FactsRow = typeof foundSources.$inferInsert
type SourceRow = typeof sources.$inferInsert
type Known = { facts: typeof foundSources.$inferSelect; agentId: string | null }

/**
 * Sent again it writes nothing. How a source is reached is the word of the agent that found it first, so that one of a
 * household's agents that has been taken over cannot lead the others elsewhere. Throws `not_found`.
 */
export async function acceptFound(edge: Edge, agentId: string, { titleId, found }: FoundSources): Promise<void> {
  const { db } = edge
  const { id, kind, seasonNumber, episodeNumber } = titles
  const [title] = await db.select({ id, kind, seasonNumber, episodeNumber }).from(titles).where(eq(titles.id, titleId))
  if (!title) throw new AppError('not_found', 'There is no such title any more.')
  const ring = readKeyring(edge.env.KEYRING)
  const each = [...new Map(found.map((one) => [one.source.infoHash, one])).values()]
  const indexed = await Promise.all(
    each.map(async (one) => ({ one, indexes: await blindIndexes(ring, 'info-hash', one.source.infoHash) })),
  )
  const [known, plain] = await Promise.all([
    readKnown(
      edge,
      titleId,
      indexed.flatMap(({ indexes }) => indexes),
    ),
    readPlain(
      edge,
      titleId,
      each.map(({ source }) => source.infoHash),
    ),
  ])
  const writes = await Promise.all(
    indexed
      // What an agent offers, or is built in, needs no second row.
      .filter(({ one }) => !plain.has(one.source.infoHash))
      .map(({ one, indexes }) => {
        const before = indexes.map((index) => known.get(index)).find((row) => row !== undefined)
        return writesOf(edge, ring, { agentId, titleId, episode: episodeTextOf(title), one, indexes, before })
      }),
  )
  const [first, ...rest] = writes.flat()
  if (first) await db.batch([first, ...rest])
}

type Write = {
  agentId: string
  titleId: string
  episode: string | null
  one: FoundSource
  indexes: string[]
  before: Known | undefined
}

async function writesOf({ db }: Edge, ring: Keyring, { agentId, titleId, episode, one, indexes, before }: Write) {
  const [infoHashIndex = ''] = indexes
  const id = before?.facts.sourceId ?? (await sha256(JSON.stringify(['found', titleId, infoHashIndex]))).slice(0, 22)
  const reach = JSON.stringify([one.source, one.file ?? null, one.sizeBytes ?? null])
  const reachIndexes = await blindIndexes(ring, 'info-hash', reach)
  const [reachIndex = ''] = reachIndexes
  const mayLead = before === undefined || before.agentId === agentId
  const isNewReach = mayLead && before?.facts.reachIndex !== reachIndex
  const facts = factsOf(one, before?.facts, {
    ...{ sourceId: id, titleId, infoHashIndex },
    reachIndex: mayLead ? reachIndex : before.facts.reachIndex,
  })
  const isSame = before !== undefined && JSON.stringify(facts) === JSON.stringify(before.facts)
  return [
    ...(isNewReach ? [upsertSource(db, await sealedRow(ring, { id, titleId, agentId, episode, one }))] : []),
    ...(isSame ? [] : [upsertFacts(db, facts)]),
  ]
}

async function sealedRow(
  ring: Keyring,
  { id, titleId, agentId, episode, one }: Omit<Write, 'indexes' | 'before'> & { id: string },
): Promise<SourceRow> {
  const seal = (column: SealedColumn, text: string) => sealField(ring, sealedPlace(id, column), text)
  const { infoHash, magnet, torrentFile } = one.source
  return {
    ...{ id, titleId, agentId, episode },
    provider: one.provenance[0]?.provider ?? 'unknown',
    infoHash: await seal('info_hash', infoHash),
    magnet: magnet === undefined ? null : await seal('magnet', magnet),
    torrentFile: torrentFile === undefined ? null : await seal('torrent_file', torrentFile),
    filePath: one.file?.path ?? null,
    sizeBytes: one.sizeBytes ?? null,
  }
}

/** In the order of the table's columns, as they are read from it: two of them are compared as text. */
function factsOf(
  one: FoundSource,
  before: Known['facts'] | undefined,
  ids: Pick<FactsRow, 'sourceId' | 'titleId' | 'infoHashIndex' | 'reachIndex'>,
): FactsRow {
  const seeders = one.seeders ?? before?.seeders ?? null
  const isCountedAnew = before != null && before.seeders !== null && before.seeders !== seeders
  return {
    ...{ sourceId: ids.sourceId, titleId: ids.titleId },
    ...{ infoHashIndex: ids.infoHashIndex, reachIndex: ids.reachIndex },
    name: one.name,
    seeders,
    seedersBefore: isCountedAnew ? before.seeders : (before?.seedersBefore ?? null),
    leechers: one.leechers ?? before?.leechers ?? null,
    publishedAt: one.publishedAt ?? before?.publishedAt ?? null,
    release: one.release === undefined ? null : JSON.stringify(one.release),
    doubts: mergeDoubts(before, one.doubts ?? []),
    provenance: JSON.stringify(mergeTellers(before ? readProvenance(before.provenance) : [], one.provenance)),
    isOnOneAgent: one.isOnThisAgentOnly ?? false,
    seenAt: seenAt(one, before),
  }
}

/** A file at home does not age, and what the operator added does not either, whoever else finds it. */
function seenAt(one: FoundSource, before: Known['facts'] | undefined): number | null {
  if (one.isOnThisAgentOnly || (before !== undefined && before.seenAt === null && !before.isOnOneAgent)) return null
  return Math.max(before?.seenAt ?? 0, ...one.provenance.map((told) => told.seenAt))
}

/** Only its list of files tells these: a name that is found again does not take them back. */
const ofFiles = new Set<ReleaseDoubt>(['has_executable', 'only_archives', 'asks_for_password', 'no_film'])

function mergeDoubts(before: Known['facts'] | undefined, told: readonly ReleaseDoubt[]): string | null {
  const kept = readDoubts(before?.doubts ?? null).filter((doubt) => ofFiles.has(doubt))
  const all = [...new Set([...told, ...kept])]
  return all.length === 0 ? null : JSON.stringify(all)
}

/** Every teller once, with the last time it told. */
function mergeTellers(one: readonly Provenance[], other: readonly Provenance[]): Provenance[] {
  const seen = new Map<string, number>()
  for (const { provider, seenAt } of [...one, ...other]) seen.set(provider, Math.max(seen.get(provider) ?? 0, seenAt))
  return [...seen].map(([provider, seenAt]) => ({ provider, seenAt })).slice(0, MOST_TELLERS)
}

const upsertSource = (db: Edge['db'], source: SourceRow) =>
  db
    .insert(sources)
    .values(source)
    .onConflictDoUpdate({
      target: sources.id,
      set: {
        infoHash: sql`excluded.info_hash`,
        magnet: sql`excluded.magnet`,
        torrentFile: sql`excluded.torrent_file`,
        // What its metadata told stands against a find that names no file.
        filePath: sql`coalesce(excluded.file_path, ${sources.filePath})`,
        episode: sql`excluded.episode`,
        sizeBytes: sql`iif(excluded.file_path is null and ${sources.filePath} is not null, ${sources.sizeBytes}, excluded.size_bytes)`,
      },
      // Two agents that find the same at the same time: the first one's word stands.
      setWhere: sql`${sources.agentId} is excluded.agent_id`,
    })

const upsertFacts = (db: Edge['db'], { sourceId, titleId, ...facts }: FactsRow) =>
  db
    .insert(foundSources)
    .values({ sourceId, titleId, ...facts })
    .onConflictDoUpdate({ target: foundSources.sourceId, set: facts })

async function readKnown({ db }: Edge, titleId: string, indexes: string[]): Promise<Map<string, Known>> {
  const rows = await db
    .select({ facts: foundSources, agentId: sources.agentId })
    .from(foundSources)
    .innerJoin(sources, eq(sources.id, foundSources.sourceId))
    .where(and(eq(foundSources.titleId, titleId), within(foundSources.infoHashIndex, indexes)))
  return new Map(rows.map((row) => [row.facts.infoHashIndex, row]))
}

async function readPlain({ db }: Edge, titleId: string, infoHashes: string[]): Promise<Set<string>> {
  const rows = await db
    .select({ infoHash: sources.infoHash })
    .from(sources)
    .where(and(eq(sources.titleId, titleId), within(sources.infoHash, infoHashes)))
  return new Set(rows.map(({ infoHash }) => infoHash))
}

/** One parameter, however many. */
const within = (column: Parameters<typeof inArray>[0], values: string[]) =>
  sql`${column} in (select value from json_each(${JSON.stringify(values)}))`
