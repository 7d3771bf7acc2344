/** A D1 binding that counts what its queries read and wrote, as D1 itself bills it. */

export type Cost = { queries: number; rowsRead: number; rowsWritten: number }

export type Bill = Cost & { calls: number }

export const newBill = (): Bill => ({ calls: 0, queries: 0, rowsRead: 0, rowsWritten: 0 })

/** The database to hand to the app, and the bill so far; `calls` is round trips: a batch is one. */
export function countingDatabase(database: D1Database, cost = newBill()): { database: D1Database; cost: Bill } {
  const add = <Result extends D1Result>(result: Result): Result => {
    cost.queries++
    cost.rowsRead += result.meta.rows_read
    cost.rowsWritten += result.meta.rows_written
    return result
  }

  const inner = new WeakMap<object, D1PreparedStatement>()
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values)),
      async all() {
        cost.calls++
        return add(await statement.all())
      },
      async run() {
        cost.calls++
        return add(await statement.run())
      },
      async first(column?: string) {
        const row = (await wrapped.all()).results[0] as Record<string, unknown> | undefined
        return column === undefined ? (row ?? null) : (row?.[column] ?? null)
      },
      // `raw` gives no bill, so the rows are made of `all`: right as long as no two columns share a name.
      async raw() {
        return (await wrapped.all()).results.map((row) => Object.values(row as object))
      },
    }
    inner.set(wrapped, statement)
    return wrapped as unknown as D1PreparedStatement
  }

  const counting = {
    prepare: (query: string) => wrap(database.prepare(query)),
    async batch(statements: D1PreparedStatement[]) {
      cost.calls++
      return (await database.batch(statements.map((one) => inner.get(one) ?? one))).map(add)
    },
  }
  return { database: counting as unknown as D1Database, cost }
}
