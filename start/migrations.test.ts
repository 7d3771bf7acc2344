/** The migrations, run as an upgrade runs them: on a household that has people, sessions and progress already. */
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'

const statements = (name: string): string[] =>
  readFileSync(new URL(`../migrations/${name}.sql`, import.meta.url), 'utf8').split('--> statement-breakpoint')

it('keeps every person, session and progress of a household from before the identity tables', () => {
  // As D1 does: foreign keys are on, and a migration cannot switch them off.
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  for (const statement of statements('0000_household')) database.exec(statement)
  database.exec(`
    insert into users values ('ada', 'ada@example.org', 'Ada', '$scrypt$', 'admin', 7);
    insert into sessions values ('s1', 'ada', 3, 1, 1, 2, 3, 1, 'pwd', null, null);
    insert into titles values ('t1', 'movie', 'Sintel', 2010, 15, '', '', '', null);
    insert into progress values ('ada', 't1', 10, 100, 5);
  `)
  database.exec('begin')
  for (const statement of statements('0001_identity')) database.exec(statement)
  database.exec('commit')
  expect(database.prepare('select * from users').all()).toEqual([
    {
      id: 'ada',
      email: 'ada@example.org',
      email_index: null,
      email_verified_at: null,
      display_name: 'Ada',
      password_hash: '$scrypt$',
      must_change_password: 0,
      role: 'admin',
      status: 'active',
      created_at: 7,
    },
  ])
  const counts = 'select (select count(*) from sessions) sessions, (select count(*) from progress) progress'
  expect(database.prepare(counts).get()).toEqual({ sessions: 1, progress: 1 })
  expect(database.prepare('pragma foreign_key_check').all()).toEqual([])
})
