/** `npm run deploy`: builds the web app and puts everything on Cloudflare. */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from './build-web.ts'
import { childEnvironment, installedProgram, repository } from './child.ts'
import { deployToCloudflare, type Wrangler } from './deploy-to-cloudflare.ts'
import { PlainError } from './plain-error.ts'
import { openStateDirectory, writePrivateFile } from './state-directory.ts'

const configFile = join(repository, 'wrangler.toml')
const directory = openStateDirectory('.porchlight')

const wrangler: Wrangler = (words) =>
  new Promise((resolve) => {
    const child = spawn(installedProgram('wrangler'), words, {
      cwd: repository,
      env: childEnvironment(),
      stdio: ['inherit', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.once('error', (error) => resolve({ code: -1, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? -1, output }))
  })

try {
  await buildWeb()
  const { origin, setupUrl } = await deployToCloudflare({
    wrangler,
    readConfig: () => readFileSync(configFile, 'utf8'),
    writeConfig: (text) => writeFileSync(configFile, text),
    async withSecretsFile(secrets, use) {
      const file = join(directory.root, 'deploy-secrets.json')
      writePrivateFile(file, JSON.stringify(secrets))
      try {
        return await use(file)
      } finally {
        rmSync(file, { force: true })
      }
    },
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
