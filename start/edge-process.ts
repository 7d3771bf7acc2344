/** The control plane on this machine: the Worker in workerd, until it answers /health. */
import { join } from 'node:path'
import type { Certificate } from './certificate.ts'
import { type Child, installedProgram, startChild, waitUntilReady } from './child.ts'
import { getJson, getText } from './get-json.ts'
import { redactLine } from './redact-line.ts'
import { type StateDirectory, writePrivateFile } from './state-directory.ts'

/** Nothing is fetched or reported by the development server, and it asks nobody anything. */
const quiet = {
  CI: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  NO_UPDATE_NOTIFIER: '1',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
}

export type EdgeOptions = {
  directory: StateDirectory
  host: string
  port: number
  /** The address people open; the only one whose pages may use this edge. */
  origin: string
  secrets: { keyring: string; setupSecret: string; localPairingSecret: string }
  certificate?: Certificate | undefined
  /** More settings of worker/README.md, for tests that put a stand-in behind one. */
  settings?: Record<string, string> | undefined
  /** Another entry than wrangler.toml's, for benchmarks that put something beside it. */
  script?: string | undefined
}

/**
 * What the Worker runs with here. Letters are printed on this machine. Only while nobody but this machine reaches the
 * edge does a password alone let the admin in: for everybody else on the network a second factor stands before it.
 */
export function edgeSettings({ host, origin, settings }: Pick<EdgeOptions, 'host' | 'origin' | 'settings'>) {
  const isOnThisMachineOnly = host === '127.0.0.1'
  return {
    ...(isOnThisMachineOnly && { REQUIRE_ADMIN_SECOND_FACTOR: 'off' }),
    MAILER: 'console',
    RELAY: 'on',
    APP_ORIGIN: origin,
    ...settings,
  }
}

/** Starts the Worker and waits until it answers. */
export async function startEdge(options: EdgeOptions): Promise<Child> {
  const envFile = join(options.directory.root, 'edge.env')
  writePrivateFile(
    envFile,
    [
      `KEYRING='${options.secrets.keyring}'`,
      `SETUP_SECRET='${options.secrets.setupSecret}'`,
      `LOCAL_PAIRING_SECRET='${options.secrets.localPairingSecret}'`,
      '',
    ].join('\n'),
  )
  const https = options.certificate
  const child = startChild({
    name: 'edge',
    command: installedProgram('wrangler'),
    args: [
      ...[
        'dev',
        ...(options.script ? [options.script] : []),
        '--ip',
        options.host,
        '--port',
        String(options.port),
        '--inspector-port',
        '0',
      ],
      ...['--persist-to', options.directory.edge, '--env-file', envFile, '--log-level', 'log'],
      ...Object.entries(edgeSettings(options)).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      '--show-interactive-dev-session=false',
      ...(https
        ? ['--local-protocol', 'https', '--https-key-path', https.keyFile, '--https-cert-path', https.certFile]
        : []),
    ],
    env: quiet,
    logFile: join(options.directory.logs, 'edge.log'),
    editLine: redactLine,
  })
  const health = `${https ? 'https' : 'http'}://localhost:${options.port}/health`
  const isHealthy = async () => (await getJson(health, https)).ok
  await waitUntilReady(child, isHealthy, { timeoutMs: 60_000, what: 'The control plane' })
  return child
}

const cronMs = 5 * 60_000

/** The clock of a local edge: the development server does not run cron triggers by itself. Returns how to stop it. */
export function keepTime(port: number, certificate: Certificate | undefined): () => void {
  const url = `${certificate ? 'https' : 'http'}://localhost:${port}/cdn-cgi/local/scheduled`
  // A missed round is made up by the next one: every task is safe to run late.
  const timer = setInterval(() => void getText(url, certificate).catch(() => undefined), cronMs)
  timer.unref()
  return () => clearInterval(timer)
}
