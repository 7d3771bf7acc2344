/** Who this agent is to the edge, and what the edge last told it: kept so that it can serve while the edge is away. */
import type { DatabaseSync } from 'node:sqlite'
import type { VerificationKey } from '#protocol/pairing.ts'

type Name = 'agentId' | 'appOrigin' | 'clockOffsetSeconds' | 'tasks'

/** Reads and writes single values and the verification keys. */
export function settingsState(database: DatabaseSync) {
  const select = database.prepare('SELECT value FROM settings WHERE name = ?')
  const upsert = database.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const remove = database.prepare('DELETE FROM settings WHERE name = ?')
  const selectKeys = database.prepare('SELECT key_id AS keyId, public_key AS publicKey FROM verification_keys')
  const insertKey = database.prepare('INSERT OR REPLACE INTO verification_keys VALUES (?, ?)')
  return {
    get: (name: Name): string | undefined => (select.get(name) as { value: string } | undefined)?.value,
    set: (name: Name, value: string): void => void upsert.run(name, value),
    clear: (name: Name): void => void remove.run(name),
    verificationKeys: () => selectKeys.all() as VerificationKey[],
    /** The keys given replace all that were known. */
    replaceVerificationKeys(keys: readonly VerificationKey[]): void {
      database.exec('BEGIN IMMEDIATE; DELETE FROM verification_keys')
      for (const { keyId, publicKey } of keys) insertKey.run(keyId, publicKey)
      database.exec('COMMIT')
    },
  }
}
export type SettingsState = ReturnType<typeof settingsState>
