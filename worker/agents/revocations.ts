/** Streams whose tokens an agent must refuse, kept in its hub until they would have expired anyway. */

/** What an agent is told when it connects; a token lives minutes, so the list stays short. */
const MOST = 5000

export type Revocations = ReturnType<typeof revocations>

export function revocations(sql: SqlStorage) {
  sql.exec('create table if not exists revoked (stream_id text primary key, until integer not null) without rowid')
  return {
    /** `until`: when the last token of these streams expires, epoch seconds. */
    add(streamIds: readonly string[], until: number, now: number): void {
      sql.exec('delete from revoked where until <= ?', now)
      for (const id of streamIds) {
        sql.exec(
          'insert into revoked values (?, ?) on conflict do update set until = max(until, excluded.until)',
          id,
          until,
        )
      }
    },
    list(now: number): string[] {
      const rows = sql.exec<{ stream_id: string }>(
        'select stream_id from revoked where until > ? order by until desc limit ?',
        now,
        MOST,
      )
      return rows.toArray().map((row) => row.stream_id)
    },
  }
}
