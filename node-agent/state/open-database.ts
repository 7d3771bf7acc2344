/** Opens the agent's SQLite file (node:sqlite), private to this user, and brings it to the newest schema. */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '#protocol/errors.ts'
import { migrations } from './migrations.ts'

/**
 * Opens `state.db` in the directory, which is made (mode 700) when it is missing. Throws `conflict` when the file was
 * written by a newer version or is in use by another agent, `internal` when it cannot be read.
 */
export function openDatabase(directory: string, steps: readonly string[] = migrations): DatabaseSync {
  const file = join(directory, 'state.db')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(file)
    chmodSync(file, 0o600)
    // Write-ahead log: a kill at any moment leaves the last committed state.
    // The exclusive lock dies with the process, and keeps a second agent from using the same identity meanwhile.
    database.exec('PRAGMA busy_timeout = 2000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
    migrate(database, steps)
    return database
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (cause instanceof Error && cause.message.includes('locked')) {
      throw new AppError('conflict', `Another agent is using the state in ${directory}. Stop it first.`, { cause })
    }
    throw new AppError(
      'internal',
      `The agent's state in ${directory} cannot be opened. Check that the folder can be written; if ${file} is ` +
        'damaged, move it away and start the agent again: it will pair anew and keep the films on disk.',
      { cause },
    )
  }
}

function migrate(database: DatabaseSync, steps: readonly string[]): void {
  const { user_version: done } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (done > steps.length) {
    database.close()
    throw new AppError(
      'conflict',
      'The state of this agent was written by a newer version of Porchlight. Install that version again, or newer.',
    )
  }
  steps.slice(done).forEach((step, index) => {
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${done + index + 1}; COMMIT`)
  })
}
