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

it('keeps every title, source, choice and progress of a household from before the catalog', () => {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  for (const name of ['0000_household', '0001_identity', '0002_preferences', '0003_ended_sessions']) {
    for (const statement of statements(name)) database.exec(statement)
  }
  database.exec(`
    insert into users (id, display_name, role, created_at) values ('ada', 'Ada', 'admin', 7);
    insert into titles values ('t1', 'movie', 'Sintel', 2010, 15, 'o', 'l', 'c', '/p.jpg'), ('t2', 'movie', 'Away', 2011, 9, '', '', '', null);
    insert into sources values ('s1', 't1', 'open-films', null, 'h', null, null, null, 5);
    insert into progress values ('ada', 't1', 10, 100, 5), ('ada', 't2', 95, 100, 6);
    insert into title_choices values ('ada', 't1', 2, null);
  `)
  database.exec('begin')
  for (const statement of statements('0004_catalog')) database.exec(statement)
  database.exec('commit')
  const titles = 'select id, name, year, runtime_minutes minutes, poster, available_at is not null has from titles'
  expect(database.prepare(titles).all()).toEqual([
    { id: 't1', name: 'Sintel', year: 2010, minutes: 15, poster: '/p.jpg', has: 1 },
    { id: 't2', name: 'Away', year: 2011, minutes: 9, poster: null, has: 0 },
  ])
  const progress = 'select viewer_id, person_id, title_id, position_seconds at, watched_at_ms ms, state from progress'
  expect(database.prepare(progress).all()).toEqual([
    { viewer_id: 'ada', person_id: 'ada', title_id: 't1', at: 10, ms: 5, state: 'open' },
    { viewer_id: 'ada', person_id: 'ada', title_id: 't2', at: 95, ms: 6, state: 'watched' },
  ])
  const counts = 'select (select count(*) from sources) sources, (select count(*) from title_choices) choices'
  expect(database.prepare(counts).get()).toEqual({ sources: 1, choices: 1 })
  expect(database.prepare("select name from title_fts where title_fts match 'sin*'").all()).toEqual([
    { name: 'Sintel' },
  ])
  expect(database.prepare('pragma foreign_key_check').all()).toEqual([])
})
