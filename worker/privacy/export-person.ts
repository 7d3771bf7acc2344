/** Everything that is stored of one person, as JSON (GDPR Art. 15 and 20): each table of personal-tables.ts, whole rows. */
import { eq, getTableColumns, getTableName, or, sql } from 'drizzle-orm'
import * as z from 'zod'
import { writeEvent } from '../audit/write-event.ts'
import { openEmail } from '../auth/email.ts'
import { users } from '../auth/schema.ts'
import { identityPlace } from '../auth/ways/identities.ts'
import { identities } from '../auth/ways/schema.ts'
import type { Edge } from '../edge.ts'
import { openField } from '../field-encryption.ts'
import { readKeyring } from '../keyring.ts'
import { type Personal, personalTables } from './personal-tables.ts'

/** Columns are named as in the schema; times are epoch seconds unless the name says otherwise. */
export const PersonExport = z.object({
  format: z.literal('porchlight-person-1'),
  exportedAt: z.int(),
  personId: z.string(),
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
})
export type PersonExport = z.infer<typeof PersonExport>

type Row = Record<string, unknown>

/** Sealed columns are opened, secrets are left out. The event is written first: what leaves is known to have left. */
export async function exportPerson(edge: Edge, personId: string): Promise<PersonExport> {
  await writeEvent(edge.db, { kind: 'data_exported', actorId: personId, subjectId: personId, details: {} }, edge)
  const tables: PersonExport['tables'] = {}
  for (const personal of personalTables) {
    const rows = await rowsOf(edge, personal, personId)
    tables[getTableName(personal.table)] = await Promise.all(rows.map((row) => open(edge, personal, row)))
  }
  return { format: 'porchlight-person-1', exportedAt: edge.now, personId, tables }
}

const rowsOf = (edge: Edge, { table, of, through }: Personal, personId: string): Promise<Row[]> => {
  const byOther =
    through &&
    sql`${through.column} in (select ${through.id} from ${through.id.table} where ${through.of} = ${personId})`
  return edge.db
    .select()
    .from(table)
    .where(or(...of.map((column) => eq(column, personId)), byOther))
}

/** What is sealed is the person's own to read, but for what would open doors elsewhere. */
async function open(edge: Edge, { table, secret }: Personal, row: Row): Promise<Row> {
  const ring = readKeyring(edge.env.KEYRING)
  const hidden = new Set(secret.map(({ name }) => name))
  const shown: Row = {}
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    if (!hidden.has(column.name)) shown[key] = row[key]
  }
  if (table === users) {
    shown.email = await openEmail(ring, { id: String(row.id), email: row.email as string | null })
  }
  if (table === identities) {
    const key = { issuer: String(row.issuer), subject: String(row.subject) }
    for (const column of ['label', 'email'] as const) {
      const sealed = row[column]
      shown[column] = typeof sealed === 'string' ? await openField(ring, identityPlace(key, column), sealed) : null
    }
  }
  return shown
}
