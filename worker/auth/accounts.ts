/** A person as sign-in sees them: their row, and which factors they have. */
import { eq, type SQL, sql } from 'drizzle-orm'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { whoseEmail } from './email.ts'
import { recoveryCodes, totpFactors } from './factors/schema.ts'
import { passkeys } from './passkeys/schema.ts'
import { users } from './schema.ts'
import { hasSecondFactor, isSecondFactorRequired } from './second-factor-rule.ts'
import { identities } from './ways/schema.ts'

export type Account = typeof users.$inferSelect & {
  hasTotp: boolean
  passkeys: number
  recoveryCodesLeft: number
  identities: number
}

/** One query: the row and the counts beside it. */
export async function findAccount(edge: Edge, where: SQL): Promise<Account | undefined> {
  const count = (name: string, table: SQL) => sql<number>`(select count(*) from ${table})`.as(name)
  const [row] = await edge.db
    .select({
      user: users,
      totp: count(
        'totp',
        sql`${totpFactors} where ${totpFactors.userId} = ${users.id} and ${totpFactors.confirmedAt} is not null`,
      ),
      passkeys: count('passkeys', sql`${passkeys} where ${passkeys.userId} = ${users.id}`),
      codes: count(
        'codes',
        sql`${recoveryCodes} where ${recoveryCodes.userId} = ${users.id} and ${recoveryCodes.usedAt} is null`,
      ),
      identities: count('identities', sql`${identities} where ${identities.userId} = ${users.id}`),
    })
    .from(users)
    .where(where)
  if (!row) return undefined
  const { user, totp, codes, ...counts } = row
  return { ...user, hasTotp: totp > 0, recoveryCodesLeft: codes, ...counts }
}

export const findAccountById = (edge: Edge, userId: string) => findAccount(edge, eq(users.id, userId))

export const findAccountByEmail = async (edge: Edge, email: string) =>
  findAccount(edge, await whoseEmail(readKeyring(edge.env.KEYRING), email))

/** Is a password alone not enough for this account? */
export const needsSecondFactor = (edge: Edge, account: Account): boolean =>
  hasSecondFactor(account, { role: account.role, isRequiredOfAdmins: isSecondFactorRequired(edge.env) })

/** What the account may show as its second factor, the best first. */
export const secondFactorsOf = (account: Account): SecondFactor[] => [
  ...(account.passkeys > 0 ? (['passkey'] as const) : []),
  ...(account.hasTotp ? (['totp'] as const) : []),
  ...(account.recoveryCodesLeft > 0 ? (['recovery_code'] as const) : []),
]

export type SecondFactor = 'passkey' | 'totp' | 'recovery_code'
