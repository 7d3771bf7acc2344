/** The tables of accounts elsewhere that open a door here, and of the walks to them. Times are epoch seconds. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../schema.ts'

/** The key is (issuer, subject), never the e-mail: one account elsewhere belongs to one person here. */
export const identities = sqliteTable(
  'identities',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Id of the way in (ways-in.ts) that made it. */
    provider: text('provider').notNull(),
    /** What the account elsewhere is called, for its owner to recognise; sealed. */
    label: text('label'),
    /** Its e-mail, sealed; never copied to the person. */
    email: text('email'),
    /** What the provider lets us do for the person, sealed; null when nothing needs it. */
    token: text('token'),
    linkedAt: integer('linked_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [primaryKey({ columns: [table.issuer, table.subject] }), index('identities_by_user').on(table.userId)],
)

/** One walk to a provider and back: taken by DELETE … RETURNING, so it works once. */
export const authTransactions = sqliteTable(
  'auth_transactions',
  {
    /** MAC of the secret in the browser's transaction cookie. */
    idMac: text('id_mac').primaryKey(),
    provider: text('provider').notNull(),
    purpose: text('purpose', { enum: ['sign_in', 'link', 'step_up', 'accept_invite'] }).notNull(),
    /** Who asked, where somebody was signed in. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    sessionId: text('session_id'),
    /** JSON of state, nonce, verifier, issuer, PIN, path to return to; sealed. */
    sealed: text('sealed').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('auth_transactions_by_expiry').on(table.expiresAt)],
)
