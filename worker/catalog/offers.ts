/** What agents offer of their own: kept with who offered it, withdrawn when they no longer do. */
import { and, eq, sql } from 'drizzle-orm'
import type { Offer, Offers } from '#protocol/source.ts'
import type { Edge } from '../edge.ts'
import { sha256 } from '../sha256.ts'
import { sources } from './schema.ts'
import { learnWordsOf } from './search/index-search.ts'
import { type TitleRow, upsertTitles } from './upsert-title.ts'

/**
 * Replaces everything this provider of this agent offered before, in one transaction. Sent again it writes nothing.
 * An agent may put words to a title only while nobody else serves it: one of a household's agents that has been
 * taken over cannot rewrite what the others show.
 */
export async function acceptOffers(edge: Edge, agentId: string, { provider, offers }: Offers): Promise<void> {
  const { db } = edge
  const rows = await Promise.all(offers.map((offer) => toRows(agentId, provider, offer)))
  const kept = JSON.stringify(rows.map((row) => row.source.id))
  const withdraw = db
    .delete(sources)
    .where(
      and(
        eq(sources.agentId, agentId),
        eq(sources.provider, provider),
        sql`${sources.id} not in (select value from json_each(${kept}))`,
      ),
    )
  await db.batch([
    withdraw,
    learnWordsOf(
      db,
      rows.map((row) => row.title),
    ),
    ...rows.flatMap(({ title, source }) => [upsertTitle(edge, agentId, title), upsertSource(edge, source)]),
  ])
}

type SourceRow = typeof sources.$inferInsert

/** Ids are made of what they name: the same offer is the same title on every agent, and the same source on this one. */
async function toRows(
  agentId: string,
  provider: string,
  offer: Offer,
): Promise<{ title: TitleRow; source: SourceRow }> {
  const { infoHash, magnet, torrentFile } = offer.source
  const filePath = offer.file.path ?? null
  const titleId = (await sha256(JSON.stringify(['title', provider, offer.key]))).slice(0, 22)
  const sourceId = (await sha256(JSON.stringify(['source', agentId, provider, offer.key, infoHash, filePath]))).slice(
    0,
    22,
  )
  const { poster, ...words } = offer.title
  return {
    title: { id: titleId, kind: 'movie', ...words, poster: ownPoster(poster) },
    source: {
      id: sourceId,
      titleId,
      provider,
      agentId,
      infoHash,
      magnet: magnet ?? null,
      torrentFile: torrentFile ?? null,
      filePath,
      sizeBytes: offer.sizeBytes,
    },
  }
}

/** `//host/…` and `/\host/…` begin with a slash too, and lead to another site. */
export const ownPoster = (path: string | undefined): string | null =>
  path !== undefined && /^\/[A-Za-z0-9_.-][A-Za-z0-9_./-]*$/.test(path) ? path : null

const upsertTitle = ({ db }: Edge, agentId: string, title: TitleRow) =>
  upsertTitles(
    db,
    [title],
    sql`not exists (select 1 from sources where title_id = ${title.id} and agent_id is not ${agentId})`,
  )

const upsertSource = ({ db }: Edge, source: SourceRow) =>
  db
    .insert(sources)
    .values(source)
    .onConflictDoUpdate({
      target: sources.id,
      set: {
        magnet: sql`excluded.magnet`,
        torrentFile: sql`excluded.torrent_file`,
        sizeBytes: sql`excluded.size_bytes`,
      },
      setWhere: sql`(${sources.magnet}, ${sources.torrentFile}, ${sources.sizeBytes})
        is not (excluded.magnet, excluded.torrent_file, excluded.size_bytes)`,
    })
