import { describe, expect, it } from 'vitest'
import { type Deployment, deployToCloudflare } from './deploy-to-cloudflare.ts'
import { newKeyring } from './key-ring.ts'

const zeros = '00000000-0000-0000-0000-000000000000'

/** Stands where the account does: answers each command as wrangler would, and remembers what was sent. */
function account(answers: Record<string, { code: number; output: string }> = {}) {
  const state = {
    config: `database_id = "${zeros}"`,
    commands: [] as string[],
    secrets: {} as Record<string, string>,
    kept: '',
  }
  const usual: typeof answers = {
    'whoami --json': { code: 0, output: '{}' },
    'd1 list --json': { code: 0, output: '[{"name":"porchlight","uuid":"db-1"}]' },
    'd1 migrations apply DB --remote': { code: 0, output: 'ok' },
    'secret list --format json': { code: 1, output: 'This Worker does not exist on your account. [code: 10007]' },
    'deploy --secrets-file secrets.json': {
      code: 0,
      output: 'Deployed\n  https://porchlight.me.workers.dev\nVersion 1',
    },
    ...answers,
  }
  const deployment: Deployment = {
    async wrangler(words) {
      const command = words.join(' ')
      state.commands.push(command)
      return usual[command] ?? { code: 1, output: `unexpected: ${command}` }
    },
    readConfig: () => state.config,
    writeConfig(text) {
      state.config = text
    },
    keepKeyring() {
      state.kept = newKeyring()
      return state.kept
    },
    async withSecretsFile(secrets, use) {
      state.secrets = secrets
      return use('secrets.json')
    },
    say: () => {},
    nowSeconds: 1000,
  }
  return { deployment, state }
}

describe('a deployment', () => {
  it('is made from nothing, and ends with a set-up link', async () => {
    const { deployment, state } = account()
    const { origin, setupUrl } = await deployToCloudflare(deployment)
    expect(origin).toBe('https://porchlight.me.workers.dev')
    expect(setupUrl).toBe(`${origin}/setup#${state.secrets.SETUP_SECRET}`)
    expect(state.config).toBe('database_id = "db-1"')
    expect(state.secrets.KEYRING).toBe(state.kept)
    expect(Buffer.from(JSON.parse(state.secrets.KEYRING ?? '').keys.k1, 'base64url')).toHaveLength(32)
  })

  it('keeps the keys it has when it is made again', async () => {
    const { deployment, state } = account({ 'secret list --format json': { code: 0, output: '[{"name":"KEYRING"}]' } })
    await deployToCloudflare(deployment)
    expect(Object.keys(state.secrets)).toEqual(['SETUP_SECRET'])
    expect(state.kept).toBe('')
  })

  it('uploads nothing when it cannot be certain that there are no keys yet', async () => {
    const { deployment, state } = account({ 'secret list --format json': { code: 1, output: 'timeout' } })
    await expect(deployToCloudflare(deployment)).rejects.toThrow(/nothing was uploaded/)
    expect(state.commands.some((command) => command.startsWith('deploy'))).toBe(false)
  })

  it('says how to sign in', async () => {
    const { deployment } = account({ 'whoami --json': { code: 1, output: '' } })
    await expect(deployToCloudflare(deployment)).rejects.toThrow(/npx wrangler login/)
  })
})
