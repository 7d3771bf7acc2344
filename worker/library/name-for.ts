/** A title's name in the viewer's own language, of whatever table stands for titles in a query. */
import { type SQL, sql } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Viewer } from '../auth/viewer.ts'

/** As catalog/titles.ts names a card. */
export function nameFor(
  { language }: Pick<Viewer, 'language'>,
  of: { name: AnySQLiteColumn; names: AnySQLiteColumn },
): SQL<string> {
  const [short] = language?.split('-') ?? []
  return short === undefined ? sql`${of.name}` : sql`coalesce(${of.names} ->> ${short}, ${of.name})`
}
