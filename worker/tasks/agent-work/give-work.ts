/** Work for the agent that asks: what is due, under a lease that one statement takes. */
import { eq, type inArray, sql } from 'drizzle-orm'
import type { Work, WorkCall } from '#protocol/source-work.ts'
import { foundSources } from '../../catalog/found/schema.ts'
import { openSources } from '../../catalog/found/sealed-sources.ts'
import { wishOf } from '../../catalog/found/wish-of.ts'
import { sources } from '../../catalog/schema.ts'
import type { Edge } from '../../edge.ts'
import { claimSearches, LEASE_SECONDS } from './wanted-titles.ts'

export async function giveWork(edge: Edge, take: NonNullable<WorkCall['take']>): Promise<Work> {
  const searches = await claimSearches(edge, take.searches ?? 0)
  const toCount = await claimCare(edge, 'count_at', take.counts ?? 0)
  const toRead = await claimCare(edge, 'read_at', take.readings ?? 0)
  const known = await openKnown(edge, [...toCount, ...toRead])
  const wishes = await Promise.all(searches.map((id) => wishOf(edge.db, id)))
  const readings = await Promise.all(
    toRead.map(async (sourceId) => {
      const one = known.get(sourceId)
      const wish = one && (await wishOf(edge.db, one.titleId))
      if (!one || !wish) return undefined
      const { episode } = wish
      const file = { ...(one.filePath === null ? {} : { path: one.filePath }), ...(episode ? { episode } : {}) }
      return { sourceId, source: one.source, file, name: one.name, wish }
    }),
  )
  return {
    leaseSeconds: LEASE_SECONDS,
    searches: wishes.filter((wish) => wish !== undefined),
    counts: toCount.flatMap((sourceId) => {
      const one = known.get(sourceId)
      // A .torrent says no more of a swarm than its trackers, and those stand in the magnet.
      return one ? [{ sourceId, source: one.source }] : []
    }),
    readings: readings.filter((one) => one !== undefined),
  }
}

/** Those that have waited longest, each for one of all who ask at once. */
async function claimCare({ db, now }: Edge, due: 'count_at' | 'read_at', most: number): Promise<string[]> {
  if (most === 0) return []
  const at = sql.identifier(due)
  const rows = await db.all<{ id: string }>(
    sql`update source_care set ${at} = ${now + LEASE_SECONDS}
        where ${at} <= ${now} and source_id in (
          select source_id from source_care where ${at} <= ${now} order by ${at} limit ${most})
        returning source_id as id`,
  )
  return rows.map(({ id }) => id)
}

async function openKnown({ db, env }: Edge, sourceIds: readonly string[]) {
  if (sourceIds.length === 0) return new Map()
  const rows = await db
    .select({ row: sources, name: foundSources.name })
    .from(sources)
    .innerJoin(foundSources, eq(foundSources.sourceId, sources.id))
    .where(inIds(sourceIds))
  const names = new Map(rows.map(({ row, name }) => [row.id, name]))
  const opened = await openSources(
    env,
    rows.map(({ row }) => row),
  )
  return new Map(
    opened.map(({ id, titleId, filePath, infoHash, magnet, torrentFile }) => [
      id,
      {
        ...{ titleId, filePath, name: names.get(id) ?? '' },
        source: {
          infoHash,
          ...(magnet === null ? {} : { magnet }),
          ...(torrentFile === null ? {} : { torrentFile }),
        },
      },
    ]),
  )
}

/** One parameter, however many. */
const inIds = (ids: readonly string[]): ReturnType<typeof inArray> =>
  sql`${sources.id} in (select value from json_each(${JSON.stringify(ids)}))`
