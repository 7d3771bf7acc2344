/** What the operator decided for the whole household: one row a decision. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const householdSettings = sqliteTable('household_settings', {
  name: text('name', { enum: ['lawful-use', 'release-rules'] }).primaryKey(),
  /** JSON, by the name (settings.ts). Who decided it stands in the audit. */
  value: text('value').notNull(),
  /** Epoch seconds. */
  changedAt: integer('changed_at').notNull(),
})
