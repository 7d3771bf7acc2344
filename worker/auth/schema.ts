/** The tables of people and of their sessions. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  /** Lower case, NFC: how a person is found at sign-in. */
  email: text('email').notNull().unique(),
  displayName: text('display_name').notNull(),
  /** PHC string (password-hasher.ts). */
  passwordHash: text('password_hash').notNull(),
  role: text('role', { enum: ['admin', 'user'] }).notNull(),
  createdAt: integer('created_at').notNull(),
})

/** One sign-in: a family of refresh tokens, told apart by their generation. No token and no hash of one is stored. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The generation of the one refresh token that rotates; it rises by one conditional update. */
    generation: integer('generation').notNull(),
    rotatedAt: integer('rotated_at').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Slides with every rotation, never past `absoluteExpiresAt`. */
    idleExpiresAt: integer('idle_expires_at').notNull(),
    absoluteExpiresAt: integer('absolute_expires_at').notNull(),
    /** When the person last proved who they are, and how (RFC 8176 names, comma-separated). */
    authTime: integer('auth_time').notNull(),
    amr: text('amr').notNull(),
    revokedAt: integer('revoked_at'),
    revokeReason: text('revoke_reason'),
  },
  (table) => [index('sessions_by_user').on(table.userId)],
)
