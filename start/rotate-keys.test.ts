/** Rotating keys against a real database of our migrations, with a stand-in for wrangler: nothing in use is ever dropped. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployedKeyring, keepDeployedKeyring, localKeyring } from './keep-ring.ts'
import { newKeyring, olderKeys, readRing, withNewKey, withoutKeys } from './key-ring.ts'
import { describeKeys, retireKeys, rotateKeys } from './rotate-keys.ts'
import { keepSecrets, openStateDirectory, type StateDirectory } from './state-directory.ts'
import type { Wrangler } from './wrangler.ts'

const NOW = 1_800_000_000
const mac = (key: string) => `${key}.${'m'.repeat(43)}`
const sealed = (key: string) => `enc:v1:${key}:c2VhbGVk`
let root: string
let directory: StateDirectory
let database: DatabaseSync
let sent: string[]
let sendFails: boolean

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'porchlight-keys-'))
  directory = openStateDirectory(root)
  ;[sent, sendFails] = [[], false]
  database = new DatabaseSync(':memory:')
  const migrations = new URL('../migrations/', import.meta.url)
  for (const file of readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort()) {
    database.exec(readFileSync(new URL(file, migrations), 'utf8').replaceAll('--> statement-breakpoint', ''))
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Answers as wrangler does, notices and all; the statements run in the database. */
const wrangler: Wrangler = async (words) => {
  if (words[0] === 'secret') {
    if (sendFails) return { code: 1, output: 'timeout' }
    sent.push(JSON.parse(readFileSync(words[2] ?? '', 'utf8')).KEYRING)
    expect(statSync(words[2] ?? '').mode & 0o777).toBe(0o600)
    return { code: 0, output: 'done' }
  }
  expect(words.slice(0, 3)).toEqual(['d1', 'execute', 'DB'])
  const statements = (words.at(-1) ?? '').split(';\n')
  const results = statements.map((statement) => ({ results: database.prepare(statement).all(), success: true }))
  return { code: 0, output: `▲ a notice of wrangler\n${JSON.stringify(results)}\n` }
}
const local = (now = NOW) => {
  keepSecrets(directory)
  return localKeyring({ wrangler, directory, now })
}
const deployed = (now = NOW) => {
  keepDeployedKeyring(directory)
  return deployedKeyring({ wrangler, directory, now })
}
const run = (statement: string, ...values: (string | number | null)[]) => database.prepare(statement).run(...values)
function addPerson(id: string, key: string): void {
  run(
    `insert into users (id, email, email_index, password_hash, display_name, role, created_at) values (?, ?, ?, ?, ?, 'user', 1)`,
    ...[id, sealed(key), mac(key) + id.slice(1), `$scrypt$ln=14,r=8,p=5,k=${key}$salt$hash`, id],
  )
  run('update users set email_index = ? where id = ?', `${key}.${id.padEnd(43, 'm')}`, id)
}
const sealAgain = (key: string) =>
  run(`update users set email = ?, email_index = '${key}.' || substr(email_index, 4)`, sealed(key))

describe('a key ring', () => {
  it('gets keys of 32 bytes with ids that never come again, and loses all but the active one', () => {
    const first = newKeyring()
    const second = withNewKey(first)
    expect(readRing(second)).toMatchObject({ active: 'k2', keys: { k1: readRing(first).keys.k1 } })
    expect(Buffer.from(readRing(second).keys.k2 ?? '', 'base64url')).toHaveLength(32)
    expect(olderKeys(second)).toEqual(['k1'])
    expect(Object.keys(readRing(withNewKey(withoutKeys(second, ['k1', 'k2']))).keys)).toEqual(['k2', 'k3'])
  })

  it('is never quoted when it cannot be read', () => {
    for (const text of ['{"active":"s3cret', '{"active":"k1","keys":{}}', '[]']) {
      expect(() => readRing(text)).toThrow(/^this is no key ring$/)
    }
  })
})

describe.each([
  ['of npm start', local],
  ['of a deployment', deployed],
] as const)('the ring %s', (name, holderAt) => {
  it('gets a new key, keeps the older while rows need it, and lets it go when none does', async () => {
    addPerson('ada', 'k1')
    expect(await rotateKeys(holderAt())).toBe('k2')
    expect(olderKeys(holderAt().read().keyring)).toEqual(['k1'])
    await expect(retireKeys(holderAt())).rejects.toThrow(/1 e-mail addresses\.\nThe edge seals it anew/)
    await expect(retireKeys(holderAt(), { evenSo: true })).rejects.toThrow(/Nothing was changed. Still sealed/)
    sealAgain('k2')
    await expect(retireKeys(holderAt())).rejects.toThrow(/1 passwords \(until they are typed in next\)/)
    run(`update users set password_hash = '$scrypt$ln=14,r=8,p=5,k=k2,s=1$salt$hash'`)
    expect(await describeKeys(holderAt())).toEqual([
      'k2 seals and signs',
      'k1 is needed by nothing any more: retire it',
    ])
    expect(await retireKeys(holderAt())).toEqual(['k1'])
    expect(Object.keys(readRing(holderAt().read().keyring).keys)).toEqual(['k2'])
    await expect(retireKeys(holderAt())).rejects.toThrow(/There is one key/)
    expect(sent.map((text) => Object.keys(readRing(text).keys))).toEqual(
      name === 'of npm start' ? [] : [['k1', 'k2'], ['k2']],
    )
  })

  it('gives up what can be had again only when told to', async () => {
    addPerson('ada', 'k1')
    await rotateKeys(holderAt())
    sealAgain('k2')
    await expect(retireKeys(holderAt())).rejects.toThrow(/--even-so/)
    expect(await retireKeys(holderAt(), { evenSo: true })).toEqual(['k1'])
  })

  it('is not that of another database: a key that is not in it changes nothing', async () => {
    addPerson('ada', 'z9')
    const before = holderAt().read()
    await expect(rotateKeys(holderAt())).rejects.toThrow(/not the one of that database/)
    await expect(retireKeys(holderAt())).rejects.toThrow()
    expect(holderAt().read()).toEqual(before)
  })
})

it('counts what is open of codes, invites and letters, not what was used or is over', async () => {
  await rotateKeys(local())
  addPerson('ada', 'k2')
  for (const [code, usedAt] of [
    ['a', null],
    ['b', null],
    ['c', 5],
  ] as const) {
    run('insert into recovery_codes values (?, ?, ?)', 'ada', `k1.${code.repeat(43)}`, usedAt)
  }
  const invite = 'insert into invites values (?, ?, ?, ?, ?, 1, ?, ?, null)'
  for (const [id, expiresAt, usedAt] of [
    ['open', NOW + 1, null],
    ['over', NOW, null],
    ['used', NOW + 1, 5],
  ] as const) {
    run(invite, id, `k1.${id.padEnd(43, 'i')}`, 'user', '', 'ada', expiresAt, usedAt)
  }
  expect((await describeKeys(local()))[1]).toBe(
    'k1 only opens what is older: 2 recovery codes (until used, or made anew), 1 invites',
  )
})

it('waits for sessions that were not used since, because their cookies carry the older key', async () => {
  await rotateKeys(local(NOW))
  addPerson('ada', 'k2')
  const session = `insert into sessions (id, user_id, generation, rotated_at, created_at, idle_expires_at, absolute_expires_at, auth_time, amr)
    values (?, 'ada', 0, ?, 1, ?, ?, 1, 'pwd')`
  run(session, 'before', NOW - 1, NOW + 1000, NOW + 2000)
  run(session, 'after', NOW + 1, NOW + 9000, NOW + 9000)
  await expect(retireKeys(local(NOW + 10))).rejects.toThrow(/1 sessions \(until used next, or 2027-01-22\)/)
  expect(await retireKeys(local(NOW + 1000))).toEqual(['k1'])
})

it('looks into every column of text there is, of tables that nobody thought of too', async () => {
  database.exec('create table surprises (id text, "odd column" text, n integer)')
  run('insert into surprises values (?, ?, 1)', 'x', sealed('k1'))
  await rotateKeys(local())
  await expect(retireKeys(local())).rejects.toThrow(/1 surprises\.odd column/)
})

it('sends the same ring again when Cloudflare did not take it, and asks for nothing it cannot have', async () => {
  sendFails = true
  await expect(rotateKeys(deployed())).rejects.toThrow(/Run this again: the same ring is sent/)
  const { pending } = deployed().read()
  sendFails = false
  expect(await rotateKeys(deployed())).toBe('k2')
  expect(sent).toEqual([pending])
  expect(deployed().read()).toEqual({ keyring: pending, rotatedAt: NOW })
  const elsewhere = openStateDirectory(join(root, 'elsewhere'))
  expect(() => deployedKeyring({ wrangler, directory: elsewhere, now: NOW }).read()).toThrow(
    /where it was deployed from/,
  )
})

it('retires with the same ring again when Cloudflare did not take it, and not before the newest key arrived', async () => {
  sendFails = true
  await expect(rotateKeys(deployed())).rejects.toThrow(/Run this again/)
  await expect(retireKeys(deployed())).rejects.toThrow(/Run `rotate` again first/)
  sendFails = false
  await rotateKeys(deployed())
  sendFails = true
  await expect(retireKeys(deployed())).rejects.toThrow(/Run this again: the same ring is sent/)
  const { pending } = deployed().read()
  sendFails = false
  expect(await retireKeys(deployed())).toEqual(['k1'])
  expect(sent.at(-1)).toBe(pending)
  expect(deployed().read()).toEqual({ keyring: pending, rotatedAt: NOW })
})

it('adds a key also after a retirement that did not arrive', async () => {
  await rotateKeys(deployed())
  sendFails = true
  await expect(retireKeys(deployed())).rejects.toThrow(/Run this again/)
  sendFails = false
  expect(await rotateKeys(deployed())).toBe('k3')
  expect(Object.keys(readRing(sent.at(-1) ?? '').keys)).toEqual(['k2', 'k3'])
})

it('never quotes a ring that cannot be read', async () => {
  writeFileSync(join(root, 'deployed-keyring.json'), '{"keyring":"s3cret')
  const holder = deployedKeyring({ wrangler, directory, now: NOW })
  await expect(rotateKeys(holder)).rejects.toThrow(/^[^{]*is not what was written there\. Bring it back/)
})

it('keeps the other secrets of npm start, and lets nobody else on the machine read any', async () => {
  const { localPairingSecret } = keepSecrets(directory)
  await rotateKeys(local())
  const secrets = keepSecrets(directory)
  expect(secrets.localPairingSecret).toBe(localPairingSecret)
  expect(readRing(secrets.keyring).active).toBe('k2')
  expect(statSync(join(root, 'secrets.json')).mode & 0o777).toBe(0o600)
  await rotateKeys(deployed())
  expect(statSync(join(root, 'deployed-keyring.json')).mode & 0o777).toBe(0o600)
})

it('asks nothing of a database that does not answer, and changes nothing', async () => {
  keepSecrets(directory)
  const silent: Wrangler = async () => ({ code: 1, output: 'no network' })
  const holder = localKeyring({ wrangler: silent, directory, now: NOW })
  await expect(rotateKeys(holder)).rejects.toThrow(/Nothing was changed/)
  expect(readRing(holder.read().keyring).active).toBe('k1')
})
