/** A person's e-mail address: sealed where it stands, found by its blind index. */
import { inArray, or, type SQL, sql } from 'drizzle-orm'
import { blindIndex, blindIndexes, isSealed, openField, sealField } from '../field-encryption.ts'
import type { Keyring } from '../keyring.ts'
import { users } from './schema.ts'

const placeOf = (userId: string) => ({ table: 'users', column: 'email', rowId: userId })

/** Both columns for a row. `email` is lower case and NFC (answers.ts). */
export async function emailColumns(ring: Keyring, userId: string, email: string) {
  const [sealed, index] = await Promise.all([sealField(ring, placeOf(userId), email), blindIndex(ring, 'email', email)])
  return { email: sealed, emailIndex: index }
}

/** The address of a row, whether it is older than sealing or not; null for a person without one. */
export async function openEmail(ring: Keyring, row: { id: string; email: string | null }): Promise<string | null> {
  return row.email !== null && isSealed(row.email) ? openField(ring, placeOf(row.id), row.email) : row.email
}

/** The one row of an address, under whichever key it was indexed, or from before it was. */
export async function whoseEmail(ring: Keyring, email: string): Promise<SQL> {
  const sealed = inArray(users.emailIndex, await blindIndexes(ring, 'email', email))
  return or(sealed, sql`${users.email} = ${email}`) ?? sealed
}
