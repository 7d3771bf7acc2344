/** D1 as drizzle sees it. */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'

export type Db = DrizzleD1Database

/**
 * The primary, never a replica: sessions and grants must be read as they are now.
 * D1 has no interactive transactions: a race is decided by one conditional `UPDATE … RETURNING` or one `batch()`.
 */
export const openDb = (database: D1Database): Db => drizzle(database)
