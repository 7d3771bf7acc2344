/** Statements written as SQL, all or none of them: what drizzle's own batch takes only in its builders' words. */
import type { SQL } from 'drizzle-orm'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { Edge } from './edge.ts'

const dialect = new SQLiteAsyncDialect()

/** One round trip. Gives what each changed, and the rows D1 counts as written by all. */
export async function runAll(
  { env }: Pick<Edge, 'env'>,
  statements: readonly SQL[],
): Promise<{ changes: number[]; rowsWritten: number }> {
  if (statements.length === 0) return { changes: [], rowsWritten: 0 }
  const results = await env.DB.batch(
    statements.map((statement) => {
      const { sql, params } = dialect.sqlToQuery(statement)
      return env.DB.prepare(sql).bind(...params)
    }),
  )
  return {
    changes: results.map(({ meta }) => meta.changes),
    rowsWritten: results.reduce((rows, { meta }) => rows + meta.rows_written, 0),
  }
}
