/** The schema of the agent's own database, as steps that each run once; `user_version` counts those done. */

export const migrations: readonly string[] = [
  `
  -- Single values: agent id, app origin, clock offset.
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  -- Public keys that verify stream tokens, so that they can be checked while the edge is away.
  CREATE TABLE verification_keys (key_id TEXT PRIMARY KEY, public_key TEXT NOT NULL) STRICT;
  -- The bencoded info dictionary of each torrent and one bit for each piece that is on disk and verified.
  CREATE TABLE torrents (
    info_hash TEXT PRIMARY KEY, info BLOB NOT NULL, bitfield BLOB NOT NULL, used_at INTEGER NOT NULL
  ) STRICT;
  -- What the edge's source ids mean, and how to find peers for them (JSON).
  CREATE TABLE sources (source_id TEXT PRIMARY KEY, info_hash TEXT NOT NULL, swarm TEXT NOT NULL) STRICT;
  -- Files of a source that were opened; only these may be streamed. What a probe found in them (JSON).
  CREATE TABLE files (
    source_id TEXT NOT NULL REFERENCES sources (source_id) ON DELETE CASCADE,
    path TEXT NOT NULL, size_bytes INTEGER NOT NULL, probe TEXT,
    PRIMARY KEY (source_id, path)
  ) STRICT;
  -- Times are epoch seconds by the edge's clock.
  CREATE TABLE leases (
    stream_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, session_id TEXT NOT NULL,
    source_id TEXT NOT NULL, path TEXT NOT NULL, counter INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE revoked_streams (stream_id TEXT PRIMARY KEY, revoked_at INTEGER NOT NULL) STRICT;
  `,
  `
  -- When each slice of a torrent was last used (Uint32 little-endian, epoch seconds): the longest ago goes first.
  ALTER TABLE torrents ADD COLUMN slice_use BLOB NOT NULL DEFAULT x'';
  -- Kept whatever the quota says.
  ALTER TABLE torrents ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
  -- What was given to other peers, for the seeding policy.
  ALTER TABLE torrents ADD COLUMN uploaded_bytes INTEGER NOT NULL DEFAULT 0;
  -- host:port of DHT nodes that answered, so that the next start need not ask the well-known ones first.
  CREATE TABLE dht_nodes (address TEXT PRIMARY KEY) STRICT;
  `,
  `
  -- Subtitles that people added to a film, as UTF-8.
  CREATE TABLE added_subtitles (
    source_id TEXT NOT NULL, path TEXT NOT NULL, number INTEGER NOT NULL,
    name TEXT NOT NULL, language TEXT, format TEXT NOT NULL, digest TEXT NOT NULL, text BLOB NOT NULL,
    UNIQUE (source_id, path, number),
    FOREIGN KEY (source_id, path) REFERENCES files (source_id, path) ON DELETE CASCADE
  ) STRICT;
  `,
  `
  -- What a second look found, taken of the whole film, where the first was taken while it arrived and found otherwise.
  ALTER TABLE files ADD COLUMN whole_probe TEXT;
  `,
  `
  -- When the VPN guard let the swarm run and when not, and why. Times are epoch seconds.
  CREATE TABLE vpn_changes (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, is_open INTEGER NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- Films in the operator's own folders, as the last scan saw them; the info hash is made up of path, size and time.
  CREATE TABLE local_films (
    path TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, modified_ms INTEGER NOT NULL, info_hash TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, year INTEGER, season INTEGER, episode INTEGER, imdb_id TEXT
  ) STRICT;
  CREATE INDEX local_films_by_title ON local_films (title);
  CREATE INDEX local_films_by_imdb ON local_films (imdb_id) WHERE imdb_id IS NOT NULL;
  `,
  `
  -- How the operator set content providers from the admin page; settings are JSON, with their secrets.
  CREATE TABLE provider_settings (
    id TEXT PRIMARY KEY, is_on INTEGER NOT NULL, is_lawful_use_confirmed INTEGER NOT NULL, settings TEXT NOT NULL
  ) STRICT;
  -- What the runs of background tasks were like. Times are epoch seconds.
  CREATE TABLE task_runs (
    name TEXT NOT NULL, started_at INTEGER NOT NULL, duration_ms INTEGER, result TEXT NOT NULL, problem TEXT,
    PRIMARY KEY (name, started_at)
  ) STRICT;
  `,
  `
  -- Info dictionaries of torrents that were found and not played yet: sealed, under an id that only this agent can make.
  CREATE TABLE torrent_blobs (id TEXT PRIMARY KEY, sealed BLOB NOT NULL, kept_at INTEGER NOT NULL) STRICT;
  CREATE INDEX torrent_blobs_by_age ON torrent_blobs (kept_at);
  `,
  `
  -- When the edge was last told of a film of the operator's own (epoch seconds; 0: never), and what is to be withdrawn.
  ALTER TABLE local_films ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX local_films_by_telling ON local_films (told_at);
  CREATE TABLE gone_films (info_hash TEXT PRIMARY KEY) STRICT;
  `,
  `
  -- Where a film lies beneath the operator's folder (null: not looked at since this is kept), and which titles it may be
  -- (JSON), as the edge knew them.
  ALTER TABLE local_films ADD COLUMN name TEXT;
  ALTER TABLE local_films ADD COLUMN match TEXT NOT NULL DEFAULT 'waiting';
  ALTER TABLE local_films ADD COLUMN title_ids TEXT NOT NULL DEFAULT '[]';
  CREATE INDEX local_films_by_match ON local_films (match);
  -- What the operator said (JSON) of a file (\`file <path>\`), or of all that bear the name of a show (\`show <name>\`).
  CREATE TABLE film_choices (key TEXT PRIMARY KEY, choice TEXT NOT NULL, title_id TEXT) STRICT;
  CREATE INDEX film_choices_by_title ON film_choices (title_id) WHERE title_id IS NOT NULL;
  `,
]
