/** The table of how far each sync with a service elsewhere is. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../../auth/schema.ts'

/** One row a sync: `tmdb:changes:movie`, `trakt:history:<person>`, … What a half-finished run needs to go on. */
export const syncStates = sqliteTable(
  'sync_states',
  {
    name: text('name').primaryKey(),
    /** Whose it is; null for the household's. */
    personId: text('person_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Where the next run begins: whatever this sync wrote there. */
    cursor: text('cursor'),
    /** Epoch seconds of the last run that came to its end. */
    syncedAt: integer('synced_at'),
    /** Not before; null: whenever it is due. */
    notBefore: integer('not_before'),
    failures: integer('failures').notNull().default(0),
    /** A fixed word or sentence of ours. */
    lastError: text('last_error'),
    /** Rows written on `writtenOn` (`YYYY-MM-DD`, UTC): the free plan gives a day 100,000. */
    rowsWritten: integer('rows_written').notNull().default(0),
    writtenOn: text('written_on'),
  },
  (table) => [index('sync_states_by_person').on(table.personId)],
)
