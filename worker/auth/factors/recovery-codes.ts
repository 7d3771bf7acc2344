/** Ten codes for the day the phone is gone: shown once, kept as MACs, each good once. */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { blindIndex, blindIndexes } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { notify } from '../notices.ts'
import { newRecoveryCode, plainRecoveryCode } from './recovery-code.ts'
import { recoveryCodes } from './schema.ts'

export const RECOVERY_CODES = 10
/** From here on the person is reminded to make new ones. */
const FEW = 3

/** Fresh codes, and the statements that put them in the place of all older ones. */
export async function newRecoveryCodes(edge: Edge, userId: string) {
  const codes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode())
  const ring = readKeyring(edge.env.KEYRING)
  const macs = await Promise.all(codes.map((code) => blindIndex(ring, 'recovery-code', plainRecoveryCode(code))))
  const event = { kind: 'recovery_codes_made' as const, actorId: userId, subjectId: userId, details: {} }
  const statements = [
    edge.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)),
    edge.db.insert(recoveryCodes).select(sql`select ${userId}, value, null from json_each(${JSON.stringify(macs)})`),
    writeEvent(edge.db, event, edge),
  ] as const
  return { codes, statements }
}

/** True once for each code, whoever comes first. */
export async function spendRecoveryCode(edge: Edge, userId: string, typed: string): Promise<boolean> {
  const macs = await blindIndexes(readKeyring(edge.env.KEYRING), 'recovery-code', plainRecoveryCode(typed))
  const left = sql<number>`(select count(*) from ${recoveryCodes} where ${recoveryCodes.userId} = ${userId}
    and ${recoveryCodes.usedAt} is null)`
  const { db } = edge
  const [used, [counted]] = await db.batch([
    db
      .update(recoveryCodes)
      .set({ usedAt: edge.now })
      .where(and(eq(recoveryCodes.userId, userId), inArray(recoveryCodes.codeMac, macs), isNull(recoveryCodes.usedAt))),
    db.select({ left }).from(sql`(select 1)`),
  ])
  if (used.meta.changes !== 1) return false
  const remaining = counted?.left ?? 0
  await db.batch([
    writeEvent(
      db,
      { kind: 'recovery_code_used', actorId: userId, subjectId: userId, details: { left: remaining } },
      edge,
    ),
    ...(remaining <= FEW ? [notify(edge, userId, { kind: 'recovery_codes_low', details: { left: remaining } })] : []),
  ])
  return true
}
