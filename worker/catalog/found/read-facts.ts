/** What is known of a title's sources beside their rows, for whoever ranks them. */
import { eq } from 'drizzle-orm'
import * as z from 'zod'
import { Release, ReleaseDoubt } from '#protocol/release.ts'
import { Provenance } from '#protocol/source-search.ts'
import type { Db } from '../../db.ts'
import { foundSources } from './schema.ts'

export type FoundFacts = {
  release?: Release
  seeders?: number
  seedersBefore?: number
  publishedAt?: number
  doubts: readonly ReleaseDoubt[]
  isOnOneAgent: boolean
  /** As a file of an agent's own always is. */
  isAtHome: boolean
}

/** What an older version stored otherwise is as good as not known. */
const stored = <Schema extends z.ZodType>(schema: Schema, text: string | null): z.infer<Schema> | undefined =>
  text === null ? undefined : schema.safeParse(JSON.parse(text)).data

export const readDoubts = (text: string | null): ReleaseDoubt[] => stored(z.array(ReleaseDoubt), text) ?? []

export const readProvenance = (text: string): Provenance[] => stored(z.array(Provenance), text) ?? []

/** By source id; sources that were offered, or are built in, have none. */
export async function foundFactsOf(db: Db, titleId: string): Promise<Map<string, FoundFacts>> {
  const rows = await db.select().from(foundSources).where(eq(foundSources.titleId, titleId))
  return new Map(
    rows.map((row) => {
      const release = stored(Release, row.release)
      const { seeders, seedersBefore, publishedAt, isOnOneAgent } = row
      const facts: FoundFacts = {
        ...(release === undefined ? {} : { release }),
        ...(seeders === null ? {} : { seeders }),
        ...(seedersBefore === null ? {} : { seedersBefore }),
        ...(publishedAt === null ? {} : { publishedAt }),
        doubts: readDoubts(row.doubts),
        isOnOneAgent,
        isAtHome: isOnOneAgent,
      }
      return [row.sourceId, facts] as const
    }),
  )
}
