/** One command to Cloudflare: database found or made, migrated, secrets kept or made, Worker and web app uploaded. */
import * as z from 'zod'
import { PlainError } from './plain-error.ts'
import { newSetupSecret } from './state-directory.ts'
import type { Wrangler } from './wrangler.ts'

export type Deployment = {
  wrangler: Wrangler
  /** wrangler.toml, and how to write it back once the database has an id. */
  readConfig(): string
  writeConfig(text: string): void
  /** The key ring of a first deployment, kept on this machine before it is sent: Cloudflare shows it to nobody. */
  keepKeyring(): string
  /** Puts secrets in a private file for as long as `use` runs. */
  withSecretsFile<T>(secrets: Record<string, string>, use: (file: string) => Promise<T>): Promise<T>
  say(text: string): void
  nowSeconds: number
}

const databaseName = 'porchlight'
const noDatabaseYet = '00000000-0000-0000-0000-000000000000'

/** Address of the deployment and its set-up link (useful only until there is an administrator). */
export async function deployToCloudflare(deployment: Deployment): Promise<{ origin: string; setupUrl: string }> {
  const { wrangler, say } = deployment
  const who = await wrangler(['whoami', '--json'])
  if (who.code !== 0) {
    throw new PlainError(
      'You are not signed in to Cloudflare on this machine. Run `npx wrangler login`, then this again.',
    )
  }
  say('Finding the database')
  await keepDatabase(deployment)
  say('Bringing the database up to date')
  await must(wrangler, ['d1', 'migrations', 'apply', 'DB', '--remote'], 'The database could not be brought up to date.')
  const setupSecret = newSetupSecret(deployment.nowSeconds)
  const secrets = {
    SETUP_SECRET: setupSecret,
    ...((await hasKeyring(wrangler)) ? {} : { KEYRING: deployment.keepKeyring() }),
  }
  say('Uploading')
  const output = await deployment.withSecretsFile(secrets, (file) =>
    must(wrangler, ['deploy', '--secrets-file', file], 'The upload failed.'),
  )
  const origin = /https:\/\/[^\s]+/.exec(output)?.[0].replace(/\/$/, '')
  if (!origin)
    throw new PlainError('Uploaded, but no address was given: this Worker has no route. Add one in wrangler.toml.')
  return { origin, setupUrl: `${origin}/setup#${setupSecret}` }
}

const DatabaseList = z.array(z.object({ name: z.string(), uuid: z.string() }))

async function keepDatabase({ wrangler, readConfig, writeConfig }: Deployment): Promise<void> {
  if (!readConfig().includes(noDatabaseYet)) return
  const list = async () => {
    const text = await must(wrangler, ['d1', 'list', '--json'], 'The list of databases could not be read.')
    return DatabaseList.parse(JSON.parse(text)).find(({ name }) => name === databaseName)
  }
  let database = await list()
  if (!database) {
    await must(wrangler, ['d1', 'create', databaseName], 'The database could not be made.')
    database = await list()
  }
  if (!database)
    throw new PlainError(`The database "${databaseName}" was made but is not listed. Wait a minute and try again.`)
  writeConfig(readConfig().replace(noDatabaseYet, database.uuid))
}

/**
 * True when the deployment has its keys. A new key ring would end every session and pairing, so one is made only when
 * Cloudflare says for certain that there is no such Worker yet (error 10007), or lists its secrets without one.
 */
async function hasKeyring(wrangler: Wrangler): Promise<boolean> {
  const { code, output } = await wrangler(['secret', 'list', '--format', 'json'])
  if (code === 0) return output.includes('"KEYRING"')
  if (output.includes('10007')) return false
  throw new PlainError(`The secrets of the deployment could not be listed, so nothing was uploaded.\n${output}`)
}

async function must(wrangler: Wrangler, words: string[], failure: string): Promise<string> {
  const { code, output } = await wrangler(words)
  if (code !== 0) throw new PlainError(`${failure}\n${output}`)
  return output
}
