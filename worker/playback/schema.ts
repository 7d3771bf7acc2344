/** The tables of stream grants (who may read which file from which agent, until when) and of asks. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { sessions, users } from '../auth/schema.ts'

export const streamGrants = sqliteTable(
  'stream_grants',
  {
    /** The stream id: stable through renewals and moves. */
    id: text('id').primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    titleId: text('title_id').notNull(),
    /** Not references: a grant outlives its agent and its source long enough to say that it was revoked. */
    agentId: text('agent_id').notNull(),
    sourceId: text('source_id').notNull(),
    path: text('path').notNull(),
    /** Rises with every renewal and every move. */
    counter: integer('counter').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    revokeReason: text('revoke_reason'),
    /** Of the press of Play: in every token of the stream, so that one id leads through all the logs. */
    correlationId: text('correlation_id').notNull(),
    /** JSON: which agent and source failed this stream and when, so that a move does not go back and forth. */
    failures: text('failures').notNull(),
  },
  (table) => [
    index('stream_grants_by_session').on(table.sessionId),
    index('stream_grants_by_agent').on(table.agentId),
    // None by expiry: each renewal would write to it, and only the hourly clean-up would read it.
  ],
)

const asks = () => ({
  personId: text('person_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  startedAt: integer('started_at').notNull(),
  asks: integer('asks').notNull(),
})

/** How often a person added or searched subtitles of late: one row each. */
export const subtitleAsks = sqliteTable('subtitle_asks', asks())

/** How often a person's browsers offered a data channel of late: one row each. */
export const connectionAsks = sqliteTable('connection_asks', asks())
