/** Many rows of one table in one statement with one parameter: new ones inserted, changed ones written, the rest left alone. */
import type { Column } from 'drizzle-orm'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

type Upsert<Table extends SQLiteTable> = {
  table: Table
  /** The columns that are given; the others keep what they are, or their default. */
  columns: readonly (keyof Table['_']['columns'] & string)[]
  key: readonly (keyof Table['_']['columns'] & string)[]
  /** Which of them a row that is there already takes over; all of them when left out. */
  update?: readonly (keyof Table['_']['columns'] & string)[]
  /** Columns whose change alone is not worth a write… */
  quiet?: readonly (keyof Table['_']['columns'] & string)[]
  /** …but for this, in SQL; `excluded` is the new row. */
  unless?: string
}

/** The statement; bind it to `JSON.stringify(rows)`. A row that is already as it should be costs no write. */
export function upsertStatement<Table extends SQLiteTable>(upsert: Upsert<Table>): string {
  const { table, columns, key, quiet = [], unless = 'false' } = upsert
  const all: Record<string, Column> = getTableColumns(table)
  const nameOf = (column: string) => all[column]?.name ?? column
  const name = getTableName(table)
  const names = columns.map(nameOf)
  const told = (upsert.update ?? columns).filter((column) => !key.includes(column))
  const heeded = told.filter((column) => !quiet.includes(column)).map(nameOf)
  const target = `insert into ${name} (${names.join(', ')})
    select ${columns.map((column) => `value ->> '$.${column}'`).join(', ')} from json_each(?1) where true
    on conflict (${key.map(nameOf).join(', ')})`
  if (told.length === 0) return `${target} do nothing`
  return `${target} do update set ${told.map((column) => `${nameOf(column)} = excluded.${nameOf(column)}`).join(', ')}
    where (${heeded.map((one) => `${name}.${one}`).join(', ')}) is not (${heeded.map((one) => `excluded.${one}`).join(', ')})
      or ${unless}`
}

/**
 * Takes away the rows of these parents that are not among the new ones. Bind to the JSON array of the parents' ids and
 * to that of the rows.
 */
export function withdrawStatement<Table extends SQLiteTable>(
  table: Table,
  parent: keyof Table['_']['columns'] & string,
  key: readonly (keyof Table['_']['columns'] & string)[],
): string {
  const all: Record<string, Column> = getTableColumns(table)
  const nameOf = (column: string) => all[column]?.name ?? column
  return `delete from ${getTableName(table)} where ${nameOf(parent)} in (select value from json_each(?1))
    and (${key.map(nameOf).join(', ')}) not in
      (select ${key.map((column) => `value ->> '$.${column}'`).join(', ')} from json_each(?2))`
}
