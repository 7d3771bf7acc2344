/** What the edge's source ids mean here: which torrent, how to find its peers, and which of its files were opened. */
import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import type { InfoHash } from '#protocol/source.ts'
import { type Probe, readStoredProbe } from './probe.ts'
import { rememberParsed } from './remember-parsed.ts'

/** Ways to find peers besides the info hash itself. */
export const SwarmHints = z.object({
  trackers: z.array(z.string()),
  webSeeds: z.array(z.string()),
  /** `host:port` of peers known beforehand (BEP 9, `x.pe`). */
  peers: z.array(z.string()),
})
export type SwarmHints = z.infer<typeof SwarmHints>

export type KnownSource = { infoHash: InfoHash; hints: SwarmHints }

export function sourceState(database: DatabaseSync) {
  const readHints = rememberParsed((text) => SwarmHints.parse(JSON.parse(text)))
  const readProbe = rememberParsed(readStoredProbe)
  const selectSource = database.prepare('SELECT info_hash AS infoHash, swarm FROM sources WHERE source_id = ?')
  const deleteFiles = database.prepare(
    'DELETE FROM files WHERE source_id = ? AND source_id IN (SELECT source_id FROM sources WHERE info_hash <> ?)',
  )
  const upsertSource = database.prepare(
    'INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT (source_id) DO UPDATE SET info_hash = excluded.info_hash, swarm = excluded.swarm',
  )
  const selectFile = database.prepare(
    'SELECT size_bytes AS sizeBytes, probe FROM files WHERE source_id = ? AND path = ?',
  )
  const upsertFile = database.prepare(
    'INSERT INTO files VALUES (?, ?, ?, ?) ON CONFLICT (source_id, path) DO UPDATE SET size_bytes = excluded.size_bytes, probe = coalesce(excluded.probe, probe)',
  )
  return {
    find(sourceId: string): KnownSource | undefined {
      const row = selectSource.get(sourceId) as { infoHash: string; swarm: string } | undefined
      return row && { infoHash: row.infoHash, hints: readHints(row.swarm) }
    },
    /** An id that now means another torrent forgets the files of the old one. */
    save(sourceId: string, { infoHash, hints }: KnownSource): void {
      deleteFiles.run(sourceId, infoHash)
      upsertSource.run(sourceId, infoHash, JSON.stringify(hints))
    },
    /** `probe` is undefined, too, when an older agent stored what this one reads otherwise. */
    findFile(sourceId: string, path: string): { sizeBytes: number; probe: Probe | undefined } | undefined {
      const row = selectFile.get(sourceId, path) as { sizeBytes: number; probe: string | null } | undefined
      return row && { sizeBytes: row.sizeBytes, probe: row.probe ? readProbe(row.probe) : undefined }
    },
    /** A file saved again without a probe keeps the one it had. */
    saveFile(sourceId: string, path: string, sizeBytes: number, probe?: Probe): void {
      upsertFile.run(sourceId, path, sizeBytes, probe ? JSON.stringify(probe) : null)
    },
  }
}
export type SourceState = ReturnType<typeof sourceState>
