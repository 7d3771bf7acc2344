/** How far a viewer is: saved by whoever watched last, read back anywhere. */
import { and, desc, eq, sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import type { Viewer } from '../auth/viewer.ts'
import { titles } from '../catalog/schema.ts'
import { suitableFor } from '../catalog/suitable.ts'
import { titleCard } from '../catalog/titles.ts'
import type { Edge } from '../edge.ts'
import type { Progress, ProgressItem } from './answers.ts'
import { acceptProgress, FINISHED_PART } from './merge-progress.ts'
import { progress } from './schema.ts'

const CONTINUE_ITEMS = 30

const columns = {
  positionSeconds: progress.positionSeconds,
  durationSeconds: progress.durationSeconds,
  watchedAtMs: progress.watchedAtMs,
}

/** One statement: a save that comes late, or twice, changes nothing. Throws `not_found` for an unknown title. */
export async function saveProgress(edge: Edge, viewer: Viewer, titleId: string, sent: Progress): Promise<void> {
  const { positionSeconds, durationSeconds, watchedAtMs } = acceptProgress(sent, edge.nowMs)
  const [known] = await edge.db
    .select({ id: titles.id })
    .from(titles)
    .where(and(eq(titles.id, titleId), suitableFor(viewer)))
  if (!known) throw new AppError('not_found', 'There is no such title. It may have been withdrawn.')
  await edge.db
    .insert(progress)
    .values({ viewerId: viewer.id, personId: viewer.personId, titleId, positionSeconds, durationSeconds, watchedAtMs })
    .onConflictDoUpdate({
      target: [progress.viewerId, progress.titleId, progress.sourceId],
      set: { positionSeconds, durationSeconds, watchedAtMs },
      // The same rule as merge-progress.ts, where its test stands.
      setWhere: sql`excluded.watched_at_ms > ${progress.watchedAtMs}`,
    })
}

/** Null for what this viewer has not watched yet, which is no failure. */
export async function readProgress(edge: Edge, viewer: Viewer, titleId: string): Promise<Progress | null> {
  const [row] = await edge.db
    .select(columns)
    .from(progress)
    .where(and(eq(progress.viewerId, viewer.id), eq(progress.titleId, titleId)))
  return row ?? null
}

/** Continue watching: newest first, without what is as good as finished. */
export async function listProgress(edge: Edge, viewer: Viewer): Promise<ProgressItem[]> {
  return edge.db
    .select({ ...columns, title: titleCard })
    .from(progress)
    .innerJoin(titles, eq(titles.id, progress.titleId))
    .where(
      and(
        eq(progress.viewerId, viewer.id),
        suitableFor(viewer),
        sql`${progress.positionSeconds} < ${FINISHED_PART} * ${progress.durationSeconds}`,
      ),
    )
    .orderBy(desc(progress.watchedAtMs))
    .limit(CONTINUE_ITEMS)
}
