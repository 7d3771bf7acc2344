/** Takes in what agents did: searches that ended, counts of swarms, and what metadata says. Told again it changes nothing. */
import { sql } from 'drizzle-orm'
import type { CountedSource, SourceReading, WorkCall } from '#protocol/source-work.ts'
import { foundSources, titleSearches } from '../../catalog/found/schema.ts'
import { sources } from '../../catalog/schema.ts'
import type { Edge } from '../../edge.ts'
import { nextCountSeconds } from './next-count.ts'
import { searchLeases, sourceCare } from './schema.ts'

/** Metadata that nobody sends is asked for again, later each time; after the last it is left until somebody plays it. */
const READ_AGAIN_SECONDS = [6 * 3600, 24 * 3600, 72 * 3600, 7 * 86_400]

export async function takeInWork(
  edge: Edge,
  { searched = [], counted = [], read = [] }: NonNullable<WorkCall['done']>,
  random: () => number,
): Promise<void> {
  const { db } = edge
  const writes = [
    ...searchWrites(edge, searched),
    ...(await countWrites(edge, counted, random)),
    ...readingWrites(edge, read),
  ]
  const [first, ...rest] = writes
  if (first) await db.batch([first, ...rest])
}

function searchWrites({ db, now }: Edge, titleIds: readonly string[]) {
  if (titleIds.length === 0) return []
  const ids = JSON.stringify(titleIds)
  return [
    db
      .insert(titleSearches)
      .select(sql`select id, ${now} from titles where id in (select value from json_each(${ids}))`)
      .onConflictDoUpdate({ target: titleSearches.titleId, set: { searchedAt: now } }),
    db.delete(searchLeases).where(sql`${searchLeases.titleId} in (select value from json_each(${ids}))`),
  ]
}

async function countWrites({ db, now }: Edge, counted: readonly CountedSource[], random: () => number) {
  const told = new Map(counted.map((one) => [one.sourceId, one]))
  const rows = await db
    .select({
      sourceId: sourceCare.sourceId,
      every: sourceCare.countEverySeconds,
      countedAt: sourceCare.countedAt,
      seeders: foundSources.seeders,
    })
    .from(sourceCare)
    .innerJoin(foundSources, sql`${foundSources.sourceId} = ${sourceCare.sourceId}`)
    .where(sql`${sourceCare.sourceId} in (select value from json_each(${JSON.stringify([...told.keys()])}))`)
  return rows.flatMap(({ sourceId, every, countedAt, seeders: before }) => {
    const { seeders, leechers = 0 } = told.get(sourceId) ?? {}
    const counts = seeders === undefined ? undefined : { seeders, leechers }
    // What a provider said is no count of ours: against it nothing is measured.
    const next = nextCountSeconds(every, countedAt === null ? null : before, counts, random())
    const care = db
      .update(sourceCare)
      .set({ countAt: now + next, countEverySeconds: next, ...(counts ? { countedAt: now } : {}) })
      .where(sql`${sourceCare.sourceId} = ${sourceId}`)
    const isNew = counts !== undefined && (before !== seeders || countedAt === null)
    const facts = db
      .update(foundSources)
      .set({ seeders: seeders ?? null, leechers, ...(before === seeders ? {} : { seedersBefore: before }) })
      .where(sql`${foundSources.sourceId} = ${sourceId}`)
    return isNew ? [care, facts] : [care]
  })
}

/**
 * Which file would play, and what speaks against it. A path that is known stays: it is the word of whoever found the
 * source, and streams that run are for it.
 */
function readingWrites({ db, now }: Edge, read: readonly SourceReading[]) {
  return read.flatMap(({ sourceId, fileCount, file, doubts = [] }) => {
    if (fileCount === undefined) {
      const waits = sql.join(
        READ_AGAIN_SECONDS.map((seconds, failures) => sql`when ${failures} then ${now + seconds}`),
        sql` `,
      )
      return [
        db
          .update(sourceCare)
          .set({
            readAt: sql`case read_failures ${waits} end`,
            readFailures: sql`read_failures + 1`,
          })
          .where(sql`${sourceCare.sourceId} = ${sourceId} and ${sourceCare.readAt} is not null`),
      ]
    }
    // What nobody asks for any more is told a second time, or by somebody who should not tell.
    const isAsked = sql`${sourceId} in (select source_id from source_care where read_at is not null)`
    const care = db
      .update(sourceCare)
      .set({ readAt: null, readFailures: 0, fileCount })
      .where(sql`${sourceCare.sourceId} = ${sourceId} and ${sourceCare.readAt} is not null`)
    const facts = db
      .update(foundSources)
      .set({ doubts: doubts.length === 0 ? null : JSON.stringify(doubts) })
      .where(sql`${foundSources.sourceId} = ${sourceId} and ${isAsked}`)
    if (!file) return [facts, care]
    const place = db
      .update(sources)
      .set({ filePath: file.path, sizeBytes: file.sizeBytes })
      .where(sql`${sources.id} = ${sourceId} and ${sources.filePath} is null and ${isAsked}`)
    return [place, facts, care]
  })
}
