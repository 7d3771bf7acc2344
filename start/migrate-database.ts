/** Brings a database at hand to the newest schema, and notes what it applied where wrangler does. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { repository } from './child.ts'
import { PlainError } from './plain-error.ts'

/** What of D1's binding is needed. */
type Database = Awaited<ReturnType<Miniflare['getD1Database']>>

/** wrangler's own table and words, so that either may go on where the other stopped. */
const NOTES = `create table if not exists d1_migrations (
  id integer primary key autoincrement, name text unique, applied_at timestamp default current_timestamp not null
)`

/** One migration at a time and each wholly or not at all; those that were applied before are left alone. */
export async function migrateDatabase(database: Database): Promise<void> {
  await database.prepare(NOTES).run()
  const applied = await database.prepare('select name from d1_migrations').all<{ name: string }>()
  const names = new Set(applied.results.map(({ name }) => name))
  for (const { name, statements } of migrations()) {
    if (names.has(name)) continue
    const note = database.prepare('insert into d1_migrations (name) values (?)').bind(name)
    await database.batch([...statements.map((statement) => database.prepare(statement)), note])
  }
}

/**
 * The database of the development server that keeps its state in `folder` (`--persist-to`). wrangler does the same and
 * starts workerd once for every migration: ten seconds of a first start.
 */
export async function migrateLocalDatabase(folder: string): Promise<void> {
  const bare = convertV4MiniflareOptions({
    modules: true,
    script: 'export default {}',
    d1Databases: { DB: databaseId() },
  })
  const workerd = new Miniflare({ ...bare, resourcePersistencePath: join(folder, 'v3') })
  try {
    await migrateDatabase(await workerd.getD1Database('DB'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new PlainError(`The database could not be brought up to date. Nothing of what failed was kept.\n    ${why}`)
  } finally {
    await workerd.dispose()
  }
}

/** By its id a database is found in the folder. */
function databaseId(): string {
  const [, id] = readFileSync(join(repository, 'wrangler.toml'), 'utf8').match(/^database_id = "(.+)"$/m) ?? []
  if (id === undefined) throw new PlainError('wrangler.toml names no database_id.')
  return id
}

function* migrations() {
  const folder = join(repository, 'migrations')
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.sql')) continue
    const parts = readFileSync(join(folder, name), 'utf8').split('--> statement-breakpoint')
    yield { name, statements: parts.filter((statement) => statement.trim() !== '') }
  }
}
