/** The condition under which something may be taken from an account: its owner can still get in afterwards. */
import { type SQL, sql } from 'drizzle-orm'
import type { Edge } from '../edge.ts'
import { totpFactors } from './factors/schema.ts'
import { passkeys } from './passkeys/schema.ts'
import { users } from './schema.ts'
import { isSecondFactorRequired } from './second-factor-rule.ts'
import { identities } from './ways/schema.ts'

export type Leaving = {
  passkeyId?: string
  identity?: { issuer: string; subject: string }
  totp?: true
  password?: true
}

/**
 * For the WHERE of the statement that removes it: there is another way in, and an admin, where second factors are
 * required of them, keeps one. Columns are named in full, so that it fits a statement about any table.
 */
export function otherWaysIn(edge: Pick<Edge, 'env'>, userId: string, leaving: Leaving): SQL {
  const password = leaving.password
    ? sql`false`
    : sql`exists (select 1 from ${users} where ${users.id} = ${userId} and ${users.passwordHash} is not null)`
  const passkey = sql`exists (select 1 from ${passkeys} as p where p.user_id = ${userId} and p.id <> ${leaving.passkeyId ?? ''})`
  const { issuer, subject } = leaving.identity ?? { issuer: '', subject: '' }
  const identity = sql`exists (select 1 from ${identities} as i where i.user_id = ${userId}
    and not (i.issuer = ${issuer} and i.subject = ${subject}))`
  const totp = leaving.totp
    ? sql`false`
    : sql`exists (select 1 from ${totpFactors} as t where t.user_id = ${userId} and t.confirmed_at is not null)`
  const needsFactor = isSecondFactorRequired(edge.env)
    ? sql`exists (select 1 from ${users} where ${users.id} = ${userId} and ${users.role} = 'admin')`
    : sql`false`
  return sql`(${password} or ${passkey} or ${identity}) and (not ${needsFactor} or ${passkey} or ${totp})`
}
