/** The tables of links that are good once: invites, and what is sent by mail. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

export const invites = sqliteTable('invites', {
  id: text('id').primaryKey(),
  secretMac: text('secret_mac').notNull().unique(),
  role: text('role', { enum: ['admin', 'user'] }).notNull(),
  /** What the admin called it, to tell one from another. */
  note: text('note').notNull(),
  createdBy: text('created_by')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  usedAt: integer('used_at'),
  /** No foreign key: the person is made in the same batch, after the invite is taken. */
  usedBy: text('used_by'),
})

export const mailLinks = sqliteTable(
  'mail_links',
  {
    secretMac: text('secret_mac').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text('purpose', { enum: ['verify_email', 'reset_password'] }).notNull(),
    /** Blind index of the address it went to: a link to an address the person no longer has opens nothing. */
    emailIndex: text('email_index').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('mail_links_by_user').on(table.userId), index('mail_links_by_expiry').on(table.expiresAt)],
)
