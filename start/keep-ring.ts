/** Where a key ring is kept on this machine, how its edge is given a new one, and how its database is asked. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { jsonOrNothing } from './json-or-nothing.ts'
import { newKeyring } from './key-ring.ts'
import { PlainError } from './plain-error.ts'
import type { KeptRing, KeyHolder } from './rotate-keys.ts'
import { type StateDirectory, writePrivateFile } from './state-directory.ts'
import type { Wrangler } from './wrangler.ts'

const Kept = z.object({ keyring: z.string(), pending: z.string().optional(), rotatedAt: z.number().optional() })
const Answers = z.array(z.object({ results: z.array(z.unknown()) }))

type Place = { wrangler: Wrangler; directory: StateDirectory; now: number }

/** Beside the others of `npm start`; its edge reads it when it starts. */
export function localKeyring({ wrangler, directory, now }: Place): KeyHolder {
  const file = join(directory.root, 'secrets.json')
  return {
    read: () => read(file, 'Run `npm start` once: it makes the first key.'),
    write: (kept) =>
      writePrivateFile(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...plain(kept) })),
    send: async () => undefined,
    query: queryBy(wrangler, ['--local', '--persist-to', directory.edge]),
    now,
  }
}

/** Cloudflare takes secrets and never shows them, so the ring of the deployment is kept on the machine it was made on. */
export function deployedKeyring({ wrangler, directory, now }: Place): KeyHolder {
  const file = ringFileOf(directory)
  return {
    read: () =>
      read(
        file,
        'The key ring of the deployment is not on this machine: Cloudflare shows it to nobody. Rotate where it was deployed from.',
      ),
    write: (kept) => writePrivateFile(file, JSON.stringify(plain(kept))),
    send: (keyring) =>
      withPrivateFile(join(directory.root, 'deploy-secrets.json'), { KEYRING: keyring }, async (secrets) => {
        const { code, output } = await wrangler(['secret', 'bulk', secrets])
        if (code !== 0) {
          throw new PlainError(
            `Cloudflare did not take the new ring. Run this again: the same ring is sent.\n${output}`,
          )
        }
      }),
    query: queryBy(wrangler, ['--remote', '--yes']),
    now,
  }
}

/** The ring of a first deployment: kept before it is sent, and the same one when that has to be tried again. */
export function keepDeployedKeyring(directory: StateDirectory): string {
  const file = ringFileOf(directory)
  if (!existsSync(file)) writePrivateFile(file, JSON.stringify({ keyring: newKeyring() }))
  const { keyring, pending } = read(file, '')
  return pending ?? keyring
}

/** A file for programs that take secrets from one, for as long as `use` runs. */
export async function withPrivateFile<T>(file: string, content: object, use: (file: string) => Promise<T>): Promise<T> {
  writePrivateFile(file, JSON.stringify(content))
  try {
    return await use(file)
  } finally {
    rmSync(file, { force: true })
  }
}

const ringFileOf = ({ root }: StateDirectory) => join(root, 'deployed-keyring.json')

function read(file: string, whenMissing: string): KeptRing {
  if (!existsSync(file)) throw new PlainError(whenMissing)
  const kept = Kept.safeParse(jsonOrNothing(readFileSync(file, 'utf8')))
  if (!kept.success) throw new PlainError(`${file} is not what was written there. Bring it back from a copy.`)
  return kept.data
}

/** A pending ring that arrived leaves the file. */
const plain = ({ keyring, pending, rotatedAt }: KeptRing) => ({ keyring, pending, rotatedAt })

/** A program takes some 128 KiB as one word: many statements go in several runs. */
const WORD_CHARACTERS = 60_000

function queryBy(wrangler: Wrangler, where: string[]): KeyHolder['query'] {
  const ask = async (statements: string[]): Promise<unknown[][]> => {
    const words = ['d1', 'execute', 'DB', ...where, '--json', '--command', statements.join(';\n')]
    const { code, output } = await wrangler(words)
    const json = output.slice(output.indexOf('['), output.lastIndexOf(']') + 1)
    const answers = Answers.safeParse(code === 0 ? jsonOrNothing(json) : undefined)
    if (!answers.success || answers.data.length !== statements.length) {
      throw new PlainError(`The database could not be asked which keys are in use. Nothing was changed.\n${output}`)
    }
    return answers.data.map(({ results }) => results)
  }
  return async (statements) => {
    const all: unknown[][] = []
    for (const run of inRuns(statements)) all.push(...(await ask(run)))
    return all
  }
}

function inRuns(statements: readonly string[]): string[][] {
  const runs: string[][] = []
  let characters = Number.POSITIVE_INFINITY
  for (const statement of statements) {
    characters += statement.length
    if (characters > WORD_CHARACTERS) {
      runs.push([])
      characters = statement.length
    }
    runs.at(-1)?.push(statement)
  }
  return runs
}
