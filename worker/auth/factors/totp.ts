/** The authenticator app: enrolled by showing a first code, then each code is taken once. */
import { and, eq, isNotNull, isNull, lt } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { openField, sealField } from '../../field-encryption.ts'
import { readKeyring } from '../../keyring.ts'
import { notify } from '../notices.ts'
import { raiseStatement } from '../raise-session.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import { totpFactors } from './schema.ts'
import { matchedStep, newTotpSecret, otpauthUri } from './totp-code.ts'

/** Where the secret stands (field-encryption.ts). */
export const totpPlace = (userId: string) => ({ table: 'totp_factors', column: 'secret', rowId: userId })
const wrongCode = () =>
  new AppError('code_wrong', 'This code is not right, or was used already. Wait for the next one and try again.')

/** A new secret, which guards nothing until a code from it is confirmed. Throws `conflict` when there is one already. */
export async function enrolTotp(edge: Edge, userId: string, account: string): Promise<{ secret: string; uri: string }> {
  const secret = newTotpSecret()
  const sealed = await sealField(readKeyring(edge.env.KEYRING), totpPlace(userId), secret)
  const fresh = { secret: sealed, lastStep: 0, createdAt: edge.now }
  const stored = await edge.db
    .insert(totpFactors)
    .values({ userId, confirmedAt: null, ...fresh })
    .onConflictDoUpdate({ target: totpFactors.userId, set: fresh, setWhere: isNull(totpFactors.confirmedAt) })
    .returning({ userId: totpFactors.userId })
  if (stored.length === 0) {
    throw new AppError('conflict', 'There is an authenticator app already. Remove it first, then add the new one.')
  }
  return { secret, uri: otpauthUri(secret, account) }
}

/**
 * Switches it on with a first right code, which is used up with that, and gives the ten recovery codes: once.
 * The session that did it has shown both factors. Throws `code_wrong`.
 */
export async function confirmTotp(
  edge: Edge,
  { userId, sessionId }: { userId: string; sessionId: string },
  code: string,
): Promise<string[]> {
  const { db } = edge
  const step = await stepOf(edge, userId, code)
  if (step === undefined) throw wrongCode()
  const mine = eq(totpFactors.userId, userId)
  const [confirmed] = await db.batch([
    db
      .update(totpFactors)
      .set({ confirmedAt: edge.now, lastStep: step })
      .where(and(mine, isNull(totpFactors.confirmedAt), lt(totpFactors.lastStep, step))),
    writeEventWhen(
      db,
      changed,
      { kind: 'factor_enrolled', actorId: userId, subjectId: userId, sessionId, details: { factor: 'totp' } },
      edge,
    ),
    notify(edge, userId, { kind: 'factor_enrolled', details: { factor: 'totp' } }, changed),
  ])
  if (confirmed.meta.changes !== 1) throw wrongCode()
  const { codes, statements } = await newRecoveryCodes(edge, userId)
  await db.batch([...statements, raiseStatement(edge, sessionId, ['otp', 'mfa'])])
  return codes
}

/** True once for each right code: of any number at once the first, and none of an earlier step. */
export async function spendTotp(edge: Edge, userId: string, code: string): Promise<boolean> {
  const step = await stepOf(edge, userId, code)
  if (step === undefined) return false
  const taken = await edge.db
    .update(totpFactors)
    .set({ lastStep: step })
    .where(and(eq(totpFactors.userId, userId), isNotNull(totpFactors.confirmedAt), lt(totpFactors.lastStep, step)))
    .returning({ userId: totpFactors.userId })
  return taken.length === 1
}

async function stepOf(edge: Edge, userId: string, code: string): Promise<number | undefined> {
  const [factor] = await edge.db.select().from(totpFactors).where(eq(totpFactors.userId, userId))
  if (!factor) return undefined
  const secret = await openField(readKeyring(edge.env.KEYRING), totpPlace(userId), factor.secret)
  return matchedStep(secret, code, edge.now)
}
