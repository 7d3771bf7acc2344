import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { repository } from './child.ts'
import { migrateLocalDatabase } from './migrate-database.ts'

it('applies every migration once, where the development server and wrangler look for them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-migrate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const all = readdirSync(join(repository, 'migrations')).filter((name) => name.endsWith('.sql'))

  await migrateLocalDatabase(folder)
  const d1 = join(folder, 'v3', 'd1', 'miniflare-D1DatabaseObject')
  const file = readdirSync(d1).find((name) => /^[0-9a-f]+\.sqlite$/.test(name)) ?? 'none'
  const read = (question: string) => {
    const database = new DatabaseSync(join(d1, file), { readOnly: true })
    try {
      return database.prepare(question).all()
    } finally {
      database.close()
    }
  }
  const applied = read('select id, name, applied_at from d1_migrations order by id')
  expect(applied.map(({ name }) => name)).toEqual(all.sort())
  expect(read(`select count(*) as found from sqlite_master where name in ('users', 'titles', 'title_fts')`)).toEqual([
    { found: 3 },
  ])

  await migrateLocalDatabase(folder)
  expect(read('select id, name, applied_at from d1_migrations order by id')).toEqual(applied)
})
