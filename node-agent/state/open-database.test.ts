/** The database file: private, migrated once, and refused politely when it is not ours to read. */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { migrations } from './migrations.ts'
import { openDatabase } from './open-database.ts'

describe('openDatabase', () => {
  it('makes a private file at the newest schema', () => {
    const directory = join(temporaryDirectory(), 'new', 'state')
    const database = openDatabase(directory)
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length })
    database.close()
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0)
  })

  it('runs each step once, and later only the new ones', () => {
    const directory = temporaryDirectory()
    openDatabase(directory, ['CREATE TABLE a (n INTEGER)', 'INSERT INTO a VALUES (1)']).close()
    openDatabase(directory, ['CREATE TABLE a (n INTEGER)', 'INSERT INTO a VALUES (1)']).close()
    const database = openDatabase(directory, ['', '', 'INSERT INTO a VALUES (2)'])
    expect(database.prepare('SELECT n FROM a').all()).toEqual([{ n: 1 }, { n: 2 }])
    database.close()
  })

  it('refuses state of a newer version without touching it', () => {
    const directory = temporaryDirectory()
    openDatabase(directory, [...migrations, 'CREATE TABLE later (n INTEGER)']).close()
    expect(() => openDatabase(directory)).toThrow(/newer version/)
  })

  it('keeps a second agent away from the same state', () => {
    const directory = temporaryDirectory()
    const first = openDatabase(directory)
    expect(() => openDatabase(directory)).toThrow(/Another agent/)
    first.close()
    openDatabase(directory).close()
  })

  it('says what to do about a damaged file', () => {
    const directory = temporaryDirectory()
    writeFileSync(
      join(directory, 'state.db'),
      'this is not a database, it is a sentence that goes on and on'.repeat(20),
    )
    expect(() => openDatabase(directory)).toThrow(/move it away/)
  })

  it('says what to do about a folder that cannot be made', () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    expect(() => openDatabase(join(file, 'state'))).toThrow(/can be written/)
  })
})
