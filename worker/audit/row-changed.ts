/** What a batch asks about the statement before: did it change exactly one row? */
import { sql } from 'drizzle-orm'

/** SQLite's `changes()` speaks of the last INSERT, UPDATE or DELETE of this connection: the one before in the batch. */
export const changed = sql`changes() = 1`
