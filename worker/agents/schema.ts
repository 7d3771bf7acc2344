/** The tables of agents and of pairings. Only public keys are stored. Times are epoch seconds. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const agents = sqliteTable('agents', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  publicKey: text('public_key').notNull().unique(),
  softwareVersion: text('software_version').notNull(),
  /** JSON array of origins, as told at the last connect. */
  addresses: text('addresses').notNull(),
  pairedAt: integer('paired_at').notNull(),
  pairedBy: text('paired_by'),
  /** Written on connect and on disconnect, never by a heartbeat. */
  lastSeenAt: integer('last_seen_at'),
})

export const pairings = sqliteTable(
  'pairings',
  {
    userCode: text('user_code').primaryKey(),
    /** SHA-256 of the token that only the agent knows. */
    pollTokenHash: text('poll_token_hash').notNull().unique(),
    publicKey: text('public_key').notNull(),
    name: text('name').notNull(),
    softwareVersion: text('software_version').notNull(),
    /** Where the request came from, shown to the person who confirms. */
    address: text('address').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** Set once, by the confirmation. */
    agentId: text('agent_id'),
  },
  (table) => [index('pairings_by_expiry').on(table.expiresAt)],
)

/** How many codes a person has guessed wrongly in the running ten minutes. */
export const pairingTries = sqliteTable('pairing_tries', {
  personId: text('person_id').primaryKey(),
  startedAt: integer('started_at').notNull(),
  tries: integer('tries').notNull(),
})

/** Agents that have names in the operator's zone. The row outlives its agent until the records are gone. */
export const agentNames = sqliteTable('agent_names', {
  agentId: text('agent_id').primaryKey(),
  /** How often it asked in the running hour. */
  startedAt: integer('started_at').notNull(),
  asks: integer('asks').notNull(),
})
