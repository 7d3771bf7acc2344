/** How the operator set content providers from the admin page: kept here alone, secrets among it. */
import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { parseJson } from '../parse-json.ts'

export type SetProvider = { isOn: boolean; isLawfulUseConfirmed: boolean; values: Readonly<Record<string, string>> }

const Values = z.record(z.string(), z.string()).catch({})

export function providerState(database: DatabaseSync) {
  const select = database.prepare(
    'SELECT is_on AS isOn, is_lawful_use_confirmed AS isLawfulUseConfirmed, settings FROM provider_settings WHERE id = ?',
  )
  const upsert = database.prepare('INSERT OR REPLACE INTO provider_settings VALUES (?, ?, ?, ?)')
  return {
    /** Undefined: nobody set it from there. */
    find(id: string): SetProvider | undefined {
      type Row = { isOn: number; isLawfulUseConfirmed: number; settings: string }
      const row = select.get(id) as Row | undefined
      return (
        row && {
          isOn: row.isOn === 1,
          isLawfulUseConfirmed: row.isLawfulUseConfirmed === 1,
          values: Values.parse(parseJson(row.settings)),
        }
      )
    },
    save(id: string, { isOn, isLawfulUseConfirmed, values }: SetProvider): void {
      upsert.run(id, isOn ? 1 : 0, isLawfulUseConfirmed ? 1 : 0, JSON.stringify(values))
    },
  }
}
export type ProviderState = ReturnType<typeof providerState>
