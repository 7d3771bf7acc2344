/** The tables of passkeys (WebAuthn credentials) and of the challenges they sign. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

export const passkeys = sqliteTable(
  'passkeys',
  {
    /** The credential id, base64url. */
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    /** Signature counter; stays 0 for passkeys that are synchronised. */
    counter: integer('counter').notNull(),
    /** Comma-separated hints of how to reach it. */
    transports: text('transports').notNull(),
    name: text('name').notNull(),
    isBackedUp: integer('is_backed_up', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [index('passkeys_by_user').on(table.userId)],
)

export const passkeyChallenges = sqliteTable(
  'passkey_challenges',
  {
    /** 32 random bytes, base64url: comes back inside what the passkey signed. */
    challenge: text('challenge').primaryKey(),
    purpose: text('purpose', { enum: ['register', 'sign_in', 'second_factor', 'step_up'] }).notNull(),
    /** Whose answer it may be: a session's id, a ticket's id, or SHA-256 of the browser's challenge cookie. */
    boundTo: text('bound_to').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('passkey_challenges_by_expiry').on(table.expiresAt)],
)
