/** Key rotation: A → B → A, in steps, and nothing needs the old key afterwards. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { openField, sealField } from '../field-encryption.ts'
import { readKeyring } from '../keyring.ts'
import { testEdge } from '../testing/test-edge.ts'
import { addPerson } from '../testing/walk-ways.ts'
import { findAccountByEmail } from './accounts.ts'
import { openEmail } from './email.ts'
import { totpPlace } from './factors/totp.ts'
import { sealAgain } from './seal-again.ts'
import { identityPlace, sealAccount } from './ways/identities.ts'

const keys = { t1: 'dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdC0', b: 'YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI' }
const ringOf = (active: keyof typeof keys, only = false) =>
  JSON.stringify({ active, keys: only ? { [active]: keys[active] } : keys })
const [A, B] = [ringOf('t1'), ringOf('b')]
const edgeWith = (KEYRING: string) => testEdge(1000, { KEYRING })
const elsewhere = { issuer: 'https://issuer.example', label: 'kim@elsewhere', email: 'kim@elsewhere.example' }
const people: string[] = []

async function sealAll(ring: string): Promise<number[]> {
  const steps: number[] = []
  do steps.push(await sealAgain(edgeWith(ring)))
  while (steps.at(-1) !== 0 && steps.length < 20)
  return steps
}
const columns = async () => {
  const queries = ['select email v from users', 'select secret v from totp_factors']
  for (const column of ['label', 'email', 'token']) queries.push(`select ${column} v from identities`)
  const all = await Promise.all(queries.map((query) => env.DB.prepare(query).all<{ v: string }>()))
  return all.flatMap(({ results }) => results.map(({ v }) => v))
}

beforeAll(async () => {
  for (let i = 0; i < 12; i++) {
    const id = await addPerson({ address: `person${i}@example.org` })
    people.push(id)
    const secret = await sealField(readKeyring(A), totpPlace(id), `SECRET${i}`)
    await env.DB.prepare('insert into totp_factors values (?, ?, 1, 0, 0)').bind(id, secret).run()
    const account = { ...elsewhere, subject: String(i), token: `token${i}`, displayName: '', isEmailProven: false }
    const sealed = await sealAccount(edgeWith(A), { ...account, isMember: false })
    const insert = 'insert into identities values (?, ?, ?, ?, ?, ?, ?, 0, null)'
    const values = [elsewhere.issuer, account.subject, id, 'home', sealed.label, sealed.email, sealed.token]
    await env.DB.prepare(insert)
      .bind(...values)
      .run()
  }
})

it('does nothing while every column is sealed with the active key', async () => {
  expect(await sealAll(A)).toEqual([0])
})

it('seals all with the new key in steps, and then the old one is needed for none of it', async () => {
  const before = await columns()
  expect(await sealAll(B)).toEqual([25, 25, 10, 0])
  const after = await columns()
  expect(after).toHaveLength(60)
  for (const value of after) expect(value).toMatch(/^enc:v1:b:/)
  expect(new Set([...before, ...after]).size).toBe(120)

  const alone = edgeWith(ringOf('b', true))
  const account = await findAccountByEmail(alone, 'person7@example.org')
  expect(account?.id).toBe(people[7])
  const ring = readKeyring(alone.env.KEYRING)
  expect(account && (await openEmail(ring, account))).toBe('person7@example.org')
  const { secret } = (await env.DB.prepare('select secret from totp_factors where user_id = ?')
    .bind(people[7])
    .first<{ secret: string }>()) ?? { secret: '' }
  expect(await openField(ring, totpPlace(people[7] ?? ''), secret)).toBe('SECRET7')
  const row = await env.DB.prepare("select label, token from identities where subject = '7'").first<{
    label: string
    token: string
  }>()
  const key = { issuer: elsewhere.issuer, subject: '7' }
  expect(await openField(ring, identityPlace(key, 'token'), row?.token ?? '')).toBe('token7')
  expect(await openField(ring, identityPlace(key, 'label'), row?.label ?? '')).toBe(elsewhere.label)
})

it('goes back to the first key just as well', async () => {
  await sealAll(A)
  for (const value of await columns()) expect(value).toMatch(/^enc:v1:t1:/)
  expect((await findAccountByEmail(edgeWith(ringOf('t1', true)), 'person3@example.org'))?.id).toBe(people[3])
})

it('loses nothing when many run at once, and seals what stood in clear before sealing', async () => {
  await env.DB.prepare("update users set email = 'plain@example.org', email_index = null where id = ?")
    .bind(people[0])
    .run()
  for (let step = 0; step < 6; step++) await Promise.all(Array.from({ length: 10 }, () => sealAgain(edgeWith(B))))
  for (const value of await columns()) expect(value).toMatch(/^enc:v1:b:/)
  const alone = edgeWith(ringOf('b', true))
  expect((await findAccountByEmail(alone, 'plain@example.org'))?.id).toBe(people[0])
  expect((await findAccountByEmail(alone, 'person11@example.org'))?.id).toBe(people[11])
})

it('stops, and changes nothing, when the key that sealed a value is gone', async () => {
  const before = await columns()
  await expect(sealAgain(edgeWith(ringOf('t1', true)))).rejects.toThrow('does not open with this key ring')
  expect(await columns()).toEqual(before)
})
