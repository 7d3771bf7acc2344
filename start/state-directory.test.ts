import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { releaseStateDirectory, takeStateDirectory } from './running.ts'
import { keepSecrets, newSetupSecret, openStateDirectory, writePrivateFile } from './state-directory.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'porchlight-state-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('keeps its secrets from start to start, for nobody else to read', () => {
  const directory = openStateDirectory(root)
  const secrets = keepSecrets(directory)
  expect(keepSecrets(openStateDirectory(root))).toEqual(secrets)
  expect(statSync(join(root, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(statSync(directory.agent).mode & 0o777).toBe(0o700)
  const { active, keys } = JSON.parse(secrets.keyring)
  expect(Buffer.from(keys[active], 'base64url')).toHaveLength(32)
})

it('never quotes secrets that cannot be read', () => {
  for (const text of ['{"keyring":"s3cret', '{"keyring":1}']) {
    writeFileSync(join(root, 'secrets.json'), text)
    expect(() => keepSecrets(openStateDirectory(root))).toThrow(/^[^{]*is not what was written there\. Bring it back/)
  }
})

it('replaces a private file as a whole: what was there is never cut short, and nobody else may read what is there', () => {
  const file = join(root, 'private.json')
  writeFileSync(file, 'the one before', { mode: 0o644 })
  const before = openSync(file, 'r')
  writePrivateFile(file, 'new')
  expect(readFileSync(before, 'utf8')).toBe('the one before')
  closeSync(before)
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('makes another set-up secret for each start, good for a day', () => {
  const secret = newSetupSecret(1000.7)
  expect(secret).toMatch(/^87400\.[\w-]{32}$/)
  expect(newSetupSecret(1000.7)).not.toBe(secret)
})

it('is taken again after a start that was killed, or left a broken note', async () => {
  await takeStateDirectory(root)
  await takeStateDirectory(root)
  writeFileSync(join(root, 'running.json'), '{"pid":')
  await takeStateDirectory(root)
  writeFileSync(join(root, 'running.json'), '{"pid":999999999,"groups":[999999999]}')
  await takeStateDirectory(root)
  releaseStateDirectory(root)
})
