/** The tables of titles and of where their bytes come from. */
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { agents } from '../agents/schema.ts'

export const titles = sqliteTable('titles', {
  id: text('id').primaryKey(),
  kind: text('kind', { enum: ['movie'] }).notNull(),
  name: text('name').notNull(),
  year: integer('year').notNull(),
  runtimeMinutes: real('runtime_minutes').notNull(),
  overview: text('overview').notNull(),
  licence: text('licence').notNull(),
  credit: text('credit').notNull(),
  /** Path in the web app's own assets. */
  poster: text('poster'),
})

/** One way to get a title. The id is the file identity that stream tokens carry: it never changes its meaning. */
export const sources = sqliteTable(
  'sources',
  {
    id: text('id').primaryKey(),
    titleId: text('title_id')
      .notNull()
      .references(() => titles.id, { onDelete: 'cascade' }),
    /** Who told us: `open-films` is built in, the rest are providers of agents. */
    provider: text('provider').notNull(),
    /** The agent that offered it; null when it is built in. Gone with its agent. */
    agentId: text('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    infoHash: text('info_hash').notNull(),
    magnet: text('magnet'),
    /** base64url of the .torrent. */
    torrentFile: text('torrent_file'),
    filePath: text('file_path'),
    sizeBytes: integer('size_bytes'),
  },
  (table) => [index('sources_by_title').on(table.titleId), index('sources_by_agent').on(table.agentId, table.provider)],
)
