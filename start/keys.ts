/** `npm run keys`: the key ring of `npm start` on this machine, or with --deployed that of the deployment. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { deployedKeyring, localKeyring } from './keep-ring.ts'
import { PlainError } from './plain-error.ts'
import { describeKeys, retireKeys, rotateKeys } from './rotate-keys.ts'
import { releaseStateDirectory, takeStateDirectory } from './running.ts'
import { openStateDirectory } from './state-directory.ts'
import { wrangler } from './wrangler.ts'

const usage = `npm run keys -- [rotate | retire] [options]

                 without a word: which key is in use, and what still needs an older one
  rotate         adds a key that seals and signs from now on; older ones still open and verify
  retire         takes the older keys out, once nothing needs them

  --deployed     the ring of \`npm run deploy\`, instead of that of \`npm start\`
  --even-so      retire now: passwords, codes and sessions that need an older key are given up (sealed data never is)
  --state FOLDER where everything is kept (default .porchlight)`

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      deployed: { type: 'boolean', default: false },
      'even-so': { type: 'boolean', default: false },
      state: { type: 'string', default: '.porchlight' },
      help: { type: 'boolean', default: false },
    },
  })
  const [word = 'show', ...more] = positionals
  if (values.help || more.length > 0 || !['show', 'rotate', 'retire'].includes(word)) throw new PlainError(usage)
  if (!existsSync(values.state)) throw new PlainError(`There is no ${values.state} here: nothing was started yet.`)
  const directory = openStateDirectory(values.state)
  if (!values.deployed) await takeStateDirectory(directory.root)
  try {
    const options = { wrangler, directory, now: Math.floor(Date.now() / 1000) }
    const holder = values.deployed ? deployedKeyring(options) : localKeyring(options)
    if (word === 'rotate') console.log(`\n  ${await rotateKeys(holder)} seals and signs from now on.`)
    if (word === 'retire') {
      console.log(`\n  Taken out: ${(await retireKeys(holder, { evenSo: values['even-so'] })).join(', ')}.`)
    }
    console.log(`\n${(await describeKeys(holder)).map((line) => `  ${line}`).join('\n')}\n`)
    if (word !== 'show' && !values.deployed) console.log('  The next `npm start` uses it.\n')
  } finally {
    if (!values.deployed) releaseStateDirectory(directory.root)
  }
} catch (error) {
  const isOurs = error instanceof PlainError || (error instanceof TypeError && 'code' in error)
  console.error(isOurs ? `\n${error.message}` : error)
  process.exit(1)
}
