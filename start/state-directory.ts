/** Everything `npm start` keeps, under one folder: secrets (mode 600), ports, logs, and each process's own data. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { newKeyring } from './key-ring.ts'

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

/** The secrets of this installation; made at the first start and kept with mode 600. */
export function keepSecrets(directory: StateDirectory): Secrets {
  const file = join(directory.root, 'secrets.json')
  if (existsSync(file)) return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')))
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

/** Written so that nobody else on the machine can read it, also when the file was there before. */
export function writePrivateFile(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
}
