/** The tables of second factors and of what waits for one. Times are epoch seconds. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

const userId = () => text('user_id').references(() => users.id, { onDelete: 'cascade' })

export const totpFactors = sqliteTable('totp_factors', {
  userId: userId().primaryKey(),
  /** The base32 secret, sealed. */
  secret: text('secret').notNull(),
  /** Null while the person has not yet typed a first code from it: it guards nothing until then. */
  confirmedAt: integer('confirmed_at'),
  /** The last 30-second step whose code was taken: no code works twice, and none from before it. */
  lastStep: integer('last_step').notNull(),
  createdAt: integer('created_at').notNull(),
})

export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    userId: userId().notNull(),
    codeMac: text('code_mac').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.codeMac] })],
)

/** A right first factor that waits for the second: it is no session and opens nothing else. */
export const signInTickets = sqliteTable(
  'sign_in_tickets',
  {
    id: text('id').primaryKey(),
    /** Of the secret in the browser's ticket cookie. */
    secretMac: text('secret_mac').notNull(),
    userId: userId().notNull(),
    amr: text('amr').notNull(),
    method: text('method').notNull(),
    tries: integer('tries').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('sign_in_tickets_by_user').on(table.userId),
    index('sign_in_tickets_by_expiry').on(table.expiresAt),
  ],
)
