/** A D1 binding that remembers every statement it was given, and tells how SQLite would run each. */

/** `queries` are the texts, each once. */
export function recordingDatabase(database: D1Database): { database: D1Database; queries: Set<string> } {
  const queries = new Set<string>()
  const recording = new Proxy(database, {
    get: (target, name) => {
      if (name === 'prepare') {
        return (query: string) => {
          queries.add(query)
          return target.prepare(query)
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { database: recording, queries }
}

/** What SQLite would read from end to end: a table, or an index of it. One that a LIMIT ends is named too. */
export async function scansOf(database: D1Database, query: string): Promise<string[]> {
  const numbered = [...query.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number))
  const parameters = numbered.length > 0 ? Math.max(...numbered) : query.split('?').length - 1
  const { results } = await database
    .prepare(`explain query plan ${query}`)
    .bind(...Array.from({ length: parameters }, () => null))
    .all<{ detail: string }>()
  return results.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN '))
}
