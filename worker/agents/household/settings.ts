/** The operator's decisions for the household: that what is fetched may be fetched, and which releases are wanted. */
import { eq, sql } from 'drizzle-orm'
import { ReleaseRules } from '#protocol/release-rules.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEvent, writeEventWhen } from '../../audit/write-event.ts'
import type { Db } from '../../db.ts'
import type { Edge } from '../../edge.ts'
import { householdSettings } from './schema.ts'

type Name = typeof householdSettings.$inferSelect.name
type Actor = { id: string; sessionId: string }

const by = ({ id, sessionId }: Actor) => ({ actorId: id, sessionId })

/** As a statement, so that it can go with others in one round trip. */
export const readSetting = (db: Db, name: Name) =>
  db
    .select({ value: householdSettings.value, changedAt: householdSettings.changedAt })
    .from(householdSettings)
    .where(eq(householdSettings.name, name))

/** Epoch seconds; null: nobody has said it. */
export async function lawfulUseConfirmedAt({ db }: Pick<Edge, 'db'>): Promise<number | null> {
  const [row] = await readSetting(db, 'lawful-use')
  return row?.changedAt ?? null
}

/** Once for the household, and once in the audit; said again it changes nothing. */
export async function confirmLawfulUse(edge: Edge, actor: Actor): Promise<void> {
  const { db, now } = edge
  await db.batch([
    db.insert(householdSettings).values({ name: 'lawful-use', value: '{}', changedAt: now }).onConflictDoNothing(),
    writeEventWhen(db, changed, { kind: 'lawful_use_confirmed', ...by(actor), details: {} }, edge),
  ])
}

/** What an older version stored otherwise is as good as no rule. */
export const rulesOf = ([row]: readonly { value: string }[]): ReleaseRules =>
  row === undefined ? [] : (ReleaseRules.safeParse(JSON.parse(row.value)).data ?? [])

export const readReleaseRules = async ({ db }: Pick<Edge, 'db'>): Promise<ReleaseRules> =>
  rulesOf(await readSetting(db, 'release-rules'))

export async function saveReleaseRules(edge: Edge, actor: Actor, rules: ReleaseRules): Promise<void> {
  const { db, now } = edge
  const set = { value: sql`excluded.value`, changedAt: now }
  await db.batch([
    db
      .insert(householdSettings)
      .values({ name: 'release-rules', value: JSON.stringify(rules), changedAt: now })
      .onConflictDoUpdate({ target: householdSettings.name, set }),
    writeEvent(db, { kind: 'release_rules_changed', ...by(actor), details: { count: rules.length } }, edge),
  ])
}
