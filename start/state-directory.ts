/** Everything `npm start` keeps, under one folder: secrets (mode 600), ports, logs, and each process's own data. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { jsonOrNothing } from './json-or-nothing.ts'
import { newKeyring } from './key-ring.ts'
import { PlainError } from './plain-error.ts'

export type StateDirectory = {
  root: string
  edge: string
  agent: string
  demo: string
  logs: string
  certificate: string
}

/** Makes the folders when they are not there; only this person may read them. */
export function openStateDirectory(path: string): StateDirectory {
  const root = resolve(path)
  const at = (name: string) => join(root, name)
  const directory = {
    root,
    edge: at('edge'),
    agent: at('agent'),
    demo: at('demo'),
    logs: at('logs'),
    certificate: at('certificate'),
  }
  for (const folder of Object.values(directory)) mkdirSync(folder, { recursive: true, mode: 0o700 })
  return directory
}

/** Lasts as long as the state directory: lose it and every session and pairing is lost with it. */
const Secrets = z.object({ keyring: z.string(), localPairingSecret: z.string() })
export type Secrets = z.infer<typeof Secrets>

/** The secrets of this installation; made at the first start and kept with mode 600. Throws a PlainError that quotes none. */
export function keepSecrets(directory: StateDirectory): Secrets {
  const file = join(directory.root, 'secrets.json')
  if (existsSync(file)) {
    const kept = Secrets.safeParse(jsonOrNothing(readFileSync(file, 'utf8')))
    if (!kept.success) throw new PlainError(`${file} is not what was written there. Bring it back from a copy.`)
    return kept.data
  }
  const secrets = {
    keyring: newKeyring(),
    localPairingSecret: randomBytes(24).toString('base64url'),
  }
  writePrivateFile(file, JSON.stringify(secrets))
  return secrets
}

/** `<expiry, epoch seconds>.<random>`: a new one for each start, good for a day. */
export function newSetupSecret(nowSeconds: number): string {
  return `${Math.floor(nowSeconds) + 86_400}.${randomBytes(24).toString('base64url')}`
}

/**
 * Written so that nobody else on the machine can read it, also when the file was there before: and whole, or not at all.
 * A key ring that was cut short would be lost for good.
 */
export function writePrivateFile(path: string, text: string): void {
  const fresh = `${path}.new`
  writeFileSync(fresh, text, { mode: 0o600, flush: true })
  chmodSync(fresh, 0o600)
  renameSync(fresh, path)
}
