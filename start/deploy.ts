/** `npm run deploy`: builds the web app and puts everything on Cloudflare. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from './build-web.ts'
import { repository } from './child.ts'
import { deployToCloudflare } from './deploy-to-cloudflare.ts'
import { keepDeployedKeyring, withPrivateFile } from './keep-ring.ts'
import { PlainError } from './plain-error.ts'
import { openStateDirectory } from './state-directory.ts'
import { wrangler } from './wrangler.ts'

const configFile = join(repository, 'wrangler.toml')
const directory = openStateDirectory('.porchlight')

try {
  await buildWeb()
  const { origin, setupUrl } = await deployToCloudflare({
    wrangler,
    readConfig: () => readFileSync(configFile, 'utf8'),
    writeConfig: (text) => writeFileSync(configFile, text),
    keepKeyring: () => keepDeployedKeyring(directory),
    withSecretsFile: (secrets, use) => withPrivateFile(join(directory.root, 'deploy-secrets.json'), secrets, use),
    say: (text) => console.log(`  ${text} …`),
    nowSeconds: Date.now() / 1000,
  })
  console.log(
    `\n  Porchlight is at  ${origin}\n  First time        ${setupUrl}\n                    (works once, for a day)\n`,
  )
} catch (error) {
  console.error(error instanceof PlainError ? `\n${error.message}` : error)
  process.exit(1)
}
