/** Takes rows for the edge's own database, so that a large household is there in seconds. Runs in the Worker. */
import * as z from 'zod'
import { indexSearch } from '../../worker/catalog/search/index-search.ts'

const Rows = z.object({
  table: z.string().regex(/^[a-z_]+$/),
  rows: z.array(z.record(z.string().regex(/^[a-z_]+$/), z.union([z.string(), z.number(), z.null()]))).min(1),
})
const Title = z.object({ id: z.string(), name: z.string() })

/** `request` carries `{ table, rows }`; all rows have the columns of the first. */
export async function insertRows(request: Request, database: D1Database): Promise<Response> {
  const { table, rows } = Rows.parse(await request.json())
  const columns = Object.keys(rows[0] ?? {})
  const values = columns.map((column) => `value ->> '$.${column}'`).join(', ')
  const insert = `insert or ignore into ${table} (${columns.join(', ')}) select ${values} from json_each(?1)`
  const texts = table === 'titles' ? rows.map((row) => Title.parse(row)) : []
  await database.batch([
    database.prepare(insert).bind(JSON.stringify(rows)),
    ...indexSearch(
      database,
      texts.map(({ id, name }) => ({ titleId: id, name, alternatives: '', people: '' })),
    ),
  ])
  return new Response(null, { status: 204 })
}
