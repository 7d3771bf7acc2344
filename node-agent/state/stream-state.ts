/** Leases and revocations of streams: what a restarted agent must still know to let the right people go on watching. */
import type { DatabaseSync } from 'node:sqlite'

/** Who may read which file, and until when (epoch seconds by the edge's clock). */
export type Lease = {
  streamId: string
  personId: string
  sessionId: string
  sourceId: string
  path: string
  /** Of the newest token that was shown. */
  counter: number
  expiresAt: number
}

export function streamState(database: DatabaseSync) {
  const upsertLease = database.prepare(
    `INSERT INTO leases VALUES (:streamId, :personId, :sessionId, :sourceId, :path, :counter, :expiresAt)
     ON CONFLICT (stream_id) DO UPDATE SET person_id = excluded.person_id, session_id = excluded.session_id,
       source_id = excluded.source_id, path = excluded.path, counter = excluded.counter, expires_at = excluded.expires_at`,
  )
  const deleteLease = database.prepare('DELETE FROM leases WHERE stream_id = ?')
  const selectLeases = database.prepare(
    `SELECT stream_id AS streamId, person_id AS personId, session_id AS sessionId, source_id AS sourceId, path, counter,
       expires_at AS expiresAt FROM leases`,
  )
  const deleteExpired = database.prepare('DELETE FROM leases WHERE expires_at < ?')
  const insertRevoked = database.prepare('INSERT OR IGNORE INTO revoked_streams VALUES (?, ?)')
  const selectRevoked = database.prepare('SELECT stream_id AS streamId FROM revoked_streams')
  const deleteOldRevoked = database.prepare('DELETE FROM revoked_streams WHERE revoked_at < ?')
  const revoke = (streamIds: readonly string[], now: number) => {
    for (const streamId of streamIds) insertRevoked.run(streamId, Math.floor(now))
  }
  return {
    leases: () => selectLeases.all() as Lease[],
    saveLease: (lease: Lease): void => void upsertLease.run(lease),
    deleteLease: (streamId: string): void => void deleteLease.run(streamId),
    revoked: () => (selectRevoked.all() as { streamId: string }[]).map((row) => row.streamId),
    revoke(streamIds: readonly string[], now: number): void {
      database.exec('BEGIN IMMEDIATE')
      revoke(streamIds, now)
      database.exec('COMMIT')
    },
    /** The list given replaces all that was known. */
    replaceRevoked(streamIds: readonly string[], now: number): void {
      database.exec('BEGIN IMMEDIATE; DELETE FROM revoked_streams')
      revoke(streamIds, now)
      database.exec('COMMIT')
    },
    /** Forgets leases that are over, and revocations whose tokens have expired long ago by themselves. */
    tidy(now: number): void {
      deleteExpired.run(Math.floor(now) - 3600)
      deleteOldRevoked.run(Math.floor(now) - 86_400)
    },
  }
}
export type StreamState = ReturnType<typeof streamState>
