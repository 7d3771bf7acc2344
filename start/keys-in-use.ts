/** Which keys of the ring the rows of a database still need: asked of the database itself, so that no table is forgotten. */
import * as z from 'zod'

/** Runs statements; gives the rows of each. */
export type Query = (statements: string[]) => Promise<unknown[][]>

/** `sealed`: lost for good without its key. The others can be had again: a password by a letter, a code by making new ones. */
export type KeyUse = { key: string; what: string; count: number; isSealed: boolean }

/** Every column; the tables of SQLite and of D1 itself aside. */
const listColumns = `select m.name as "table", p.name as "column", p.type as "type" from sqlite_schema m, pragma_table_info(m.name) p
  where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' and m.name not like '\\_cf\\_%' escape '\\'
  and m.name not like 'd1\\_%' escape '\\'`

const Columns = z.array(z.object({ table: z.string(), column: z.string(), type: z.string() }))
const Counts = z.tuple([z.record(z.string(), z.number().nullable())])

const names: Record<string, string> = {
  'users.email': 'e-mail addresses',
  'users.email_index': 'e-mail addresses',
  'users.password_hash': 'passwords',
  'profiles.pin_hash': 'PINs',
  'totp_factors.secret': 'authenticator apps',
  'recovery_codes.code_mac': 'recovery codes',
  'invites.secret_mac': 'invites',
  'mail_links.secret_mac': 'letters',
  'mail_links.email_index': 'letters',
}

/**
 * `keys` are the ids to look for. `rotatedAt` (epoch seconds): a session that was not used since then holds a token of
 * an older key, which stands in no row. `strangers` are values sealed by a key that is not in `ring`.
 */
export async function keysInUse(
  query: Query,
  { keys, ring, rotatedAt, now }: { keys: string[]; ring: string[]; rotatedAt: number | undefined; now: number },
): Promise<{ uses: KeyUse[]; strangers: number }> {
  const [rows] = await query([listColumns])
  const tables = Map.groupBy(Columns.parse(rows), ({ table }) => table)
  // D1 gives at most a hundred columns; each of ours is asked once, and twice more for each key.
  const atOnce = Math.max(1, Math.floor(90 / (1 + 2 * keys.length)))
  const asked = [...tables].flatMap(([table, all]) => {
    const columns = all.filter(({ type }) => type.toUpperCase() === 'TEXT').map(({ column }) => column)
    const where = stillMatters(
      all.map(({ column }) => column),
      now,
    )
    const parts = Math.ceil(columns.length / atOnce)
    return Array.from({ length: parts }, (_, part) => ({
      table,
      columns: columns.slice(part * atOnce, (part + 1) * atOnce),
      where,
    }))
  })
  const answers = await query([
    ...asked.map(({ table, columns, where }) => `${countIn(table, columns, keys, ring)}${where}`),
    `select count(*) as n from sessions where revoked_at is null and idle_expires_at > ${now}
      and absolute_expires_at > ${now} and rotated_at < ${rotatedAt ?? 0}`,
  ])
  const uses = new Map<string, KeyUse>()
  const add = (use: KeyUse) => {
    const name = `${use.key} ${use.what} ${use.isSealed}`
    // An address has two columns: its text and its index.
    uses.set(name, { ...use, count: Math.max(use.count, uses.get(name)?.count ?? 0) })
  }
  let strangers = 0
  asked.forEach(({ table, columns }, at) => {
    const [counts] = Counts.parse(answers[at])
    for (const [c, column] of columns.entries()) {
      const what = names[`${table}.${column}`] ?? `${table}.${column}`
      strangers += counts[`x${c}`] ?? 0
      for (const [k, key] of keys.entries()) {
        add({ key, what, count: counts[`s${c}_${k}`] ?? 0, isSealed: true })
        add({ key, what, count: counts[`m${c}_${k}`] ?? 0, isSealed: false })
      }
    }
  })
  const [sessions] = Counts.parse(answers.at(-1))
  for (const key of keys) add({ key, what: 'sessions', count: sessions.n ?? 0, isSealed: false })
  return { uses: [...uses.values()].filter(({ count }) => count > 0), strangers }
}

/** What was used, or is over, needs no key any more. */
function stillMatters(columns: string[], now: number): string {
  const conditions = [
    ...(columns.includes('used_at') ? ['used_at is null'] : []),
    ...(columns.includes('expires_at') ? [`expires_at > ${now}`] : []),
  ]
  return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
}

/** One look at each row. */
function countIn(table: string, columns: string[], keys: string[], ring: string[]): string {
  const sums = columns.flatMap((column, c) => [
    `sum(substr("${column}", 1, 7) = 'enc:v1:' and not (${ring.map((key) => isSealedBy(column, key)).join(' or ')})) as x${c}`,
    ...keys.flatMap((key, k) => [
      `sum(${isSealedBy(column, key)}) as s${c}_${k}`,
      `sum(${isMadeWith(column, key)}) as m${c}_${k}`,
    ]),
  ])
  return `select ${sums.join(', ')} from "${table}"`
}

/** `enc:v1:<key>:…` (worker/field-encryption.ts). */
const isSealedBy = (column: string, key: string) =>
  `coalesce(substr("${column}", 1, ${key.length + 8}) = 'enc:v1:${key}:', 0)`

/** `<key>.<43 characters>`, a MAC (worker/field-encryption.ts), or a password's `,k=<key>` (worker/auth/password-hash.ts). */
const isMadeWith = (column: string, key: string) =>
  `coalesce((length("${column}") = ${key.length + 44} and substr("${column}", 1, ${key.length + 1}) = '${key}.')
    or (substr("${column}", 1, 8) = '$scrypt$' and (instr("${column}", ',k=${key}$') > 0 or instr("${column}", ',k=${key},') > 0)), 0)`
