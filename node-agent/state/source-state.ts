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

/** `wholeProbe`: a second look, taken once the film was whole, that found otherwise than the first. */
export type KnownFile = { sizeBytes: number; probe: Probe | undefined; wholeProbe: Probe | undefined }

export function sourceState(database: DatabaseSync) {
  const readHints = rememberParsed((text) => SwarmHints.parse(JSON.parse(text)))
  const readProbe = rememberParsed(readStoredProbe)
  const selectSource = database.prepare('SELECT info_hash AS infoHash, swarm FROM sources WHERE source_id = ?')
  const selectSwarms = database.prepare('SELECT swarm FROM sources WHERE info_hash = ?')
  const deleteFiles = database.prepare(
    'DELETE FROM files WHERE source_id = ? AND source_id IN (SELECT source_id FROM sources WHERE info_hash <> ?)',
  )
  const upsertSource = database.prepare(
    'INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT (source_id) DO UPDATE SET info_hash = excluded.info_hash, swarm = excluded.swarm',
  )
  const selectFile = database.prepare(
    'SELECT size_bytes AS sizeBytes, probe, whole_probe AS wholeProbe FROM files WHERE source_id = ? AND path = ?',
  )
  const upsertFile = database.prepare(
    'INSERT INTO files (source_id, path, size_bytes, probe) VALUES (?, ?, ?, ?) ON CONFLICT (source_id, path) DO UPDATE SET size_bytes = excluded.size_bytes, probe = coalesce(excluded.probe, probe)',
  )
  const updateWhole = database.prepare('UPDATE files SET whole_probe = ? WHERE source_id = ? AND path = ?')
  return {
    find(sourceId: string): KnownSource | undefined {
      const row = selectSource.get(sourceId) as { infoHash: string; swarm: string } | undefined
      return row && { infoHash: row.infoHash, hints: readHints(row.swarm) }
    },
    /** Ways to find peers of a torrent, from every source of it. */
    hintsOf(infoHash: string): SwarmHints {
      const all = selectSwarms.all(infoHash).map((row) => readHints((row as { swarm: string }).swarm))
      const each = (list: (hints: SwarmHints) => string[]) => [...new Set(all.flatMap(list))]
      return {
        trackers: each(({ trackers }) => trackers),
        webSeeds: each(({ webSeeds }) => webSeeds),
        peers: each(({ peers }) => peers),
      }
    },
    /** An id that now means another torrent forgets the files of the old one. */
    save(sourceId: string, { infoHash, hints }: KnownSource): void {
      deleteFiles.run(sourceId, infoHash)
      upsertSource.run(sourceId, infoHash, JSON.stringify(hints))
    },
    /** Probes are undefined, too, when an older agent stored what this one reads otherwise. */
    findFile(sourceId: string, path: string): KnownFile | undefined {
      type Row = { sizeBytes: number; probe: string | null; wholeProbe: string | null }
      const row = selectFile.get(sourceId, path) as Row | undefined
      if (!row) return undefined
      const read = (text: string | null) => (text ? readProbe(text) : undefined)
      return { sizeBytes: row.sizeBytes, probe: read(row.probe), wholeProbe: read(row.wholeProbe) }
    },
    /** A file saved again without a probe keeps the one it had. */
    saveFile(sourceId: string, path: string, sizeBytes: number, probe?: Probe): void {
      upsertFile.run(sourceId, path, sizeBytes, probe ? JSON.stringify(probe) : null)
    },
    /** Of a file that is known: what a look at all of it found, kept beside what the first did. */
    saveWholeProbe(sourceId: string, path: string, probe: Probe): void {
      updateWhole.run(JSON.stringify(probe), sourceId, path)
    },
  }
}
export type SourceState = ReturnType<typeof sourceState>
