/** The table of televisions that wait for a signed-in phone. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

export const deviceApprovals = sqliteTable(
  'device_approvals',
  {
    userCode: text('user_code').primaryKey(),
    /** Of the secret in the television's own cookie: the code alone signs nobody in. */
    secretMac: text('secret_mac').notNull().unique(),
    deviceLabel: text('device_label').notNull(),
    place: text('place'),
    network: text('network').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    status: text('status', { enum: ['waiting', 'approved', 'denied'] }).notNull(),
    approvedBy: text('approved_by').references(() => users.id, { onDelete: 'cascade' }),
    /** How the approving session's person had proved who they are: the television inherits it. */
    amr: text('amr'),
  },
  (table) => [index('device_approvals_by_expiry').on(table.expiresAt)],
)
