/** The tables of people and of their sessions. Times are epoch seconds; `…Mac` is a blind index of a secret. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  /** Sealed (field-encryption.ts). Null for somebody who comes in without one; plain in rows older than sealing. */
  email: text('email').unique(),
  /** How a person is found by their address without it standing here: a blind index of the lower-case NFC form. */
  emailIndex: text('email_index').unique(),
  emailVerifiedAt: integer('email_verified_at'),
  displayName: text('display_name').notNull(),
  /** PHC string (password-hash.ts). Null for somebody who never chose a password. */
  passwordHash: text('password_hash'),
  /** Nothing but a new password may be set with a session of this person. */
  mustChangePassword: integer('must_change_password', { mode: 'boolean' }).notNull().default(false),
  role: text('role', { enum: ['admin', 'user'] }).notNull(),
  status: text('status', { enum: ['active', 'disabled', 'erasing'] })
    .notNull()
    .default('active'),
  createdAt: integer('created_at').notNull(),
})

const ownedBy = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** One sign-in: a family of refresh tokens, told apart by their generation. No token and no hash of one is stored. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: ownedBy(),
    /** The generation of the one refresh token that rotates; it rises by one conditional update. */
    generation: integer('generation').notNull(),
    /** Also when the session was last used, to within the life of an access token. */
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
    /** Names the one operation that ended it, so that the operation's events are of exactly its sessions. Null while it lives. */
    revocation: text('revocation'),
    /** For the person to recognise it by: `Firefox on Windows`, `Lyon, FR`, the network of the address. */
    deviceLabel: text('device_label'),
    place: text('place'),
    network: text('network'),
    /** Id inside the device cookie it came with (guard/device-cookie.ts); null for a browser that is new to the account. */
    deviceId: text('device_id'),
    /** The profile that watches with it now; null: the person themselves. */
    profileId: text('profile_id'),
  },
  // What ended stands behind what lives, and is not read on the way to it: sign-in costs the same after many.
  (table) => [index('sessions_by_user_and_end').on(table.userId, table.revocation)],
)

/** What a person should hear of at their next visit: a device that left, a key that was used twice. */
export const notices = sqliteTable(
  'notices',
  {
    id: text('id').primaryKey(),
    userId: ownedBy(),
    kind: text('kind').notNull(),
    /** JSON of the few fields this kind may carry (notices.ts). */
    details: text('details').notNull(),
    createdAt: integer('created_at').notNull(),
    readAt: integer('read_at'),
  },
  (table) => [index('notices_by_user').on(table.userId)],
)
