/** The home agent on this machine: a process of its own that pairs itself with the edge beside it. */
import { join } from 'node:path'
import type { Certificate } from './certificate.ts'
import { type Child, startChild, waitUntilReady } from './child.ts'
import { getJson } from './get-json.ts'
import type { StateDirectory } from './state-directory.ts'

export type AgentOptions = {
  directory: StateDirectory
  /** The edge, as seen from this machine. */
  edgeUrl: string
  host: string
  port: number
  /** Origins that browsers can reach the agent at. */
  addresses: string[]
  localPairingSecret: string
  demoCatalogFile?: string | undefined
  certificate?: Certificate | undefined
  /** More environment, for tests. */
  env?: Record<string, string | undefined>
}

/** Starts the agent and waits until its own HTTP door answers; it goes on to connect to the edge by itself. */
export async function startAgent(options: AgentOptions): Promise<Child> {
  const child = startChild({
    name: 'home',
    command: process.execPath,
    args: ['node-agent/main.ts'],
    env: {
      PORCHLIGHT_EDGE_URL: options.edgeUrl,
      PORCHLIGHT_STATE_DIR: options.directory.agent,
      PORCHLIGHT_HTTP_HOST: options.host,
      PORCHLIGHT_HTTP_PORT: String(options.port),
      PORCHLIGHT_ADDRESSES: options.addresses.join(','),
      PORCHLIGHT_LOCAL_PAIRING_SECRET: options.localPairingSecret,
      SOURCE_DEMO_CATALOG: options.demoCatalogFile,
      PORCHLIGHT_TLS_CERT_FILE: options.certificate?.certFile,
      PORCHLIGHT_TLS_KEY_FILE: options.certificate?.keyFile,
      // Our own certificate vouches for the edge on this machine, and for nothing else.
      NODE_EXTRA_CA_CERTS: options.certificate?.certFile ?? process.env.NODE_EXTRA_CA_CERTS,
      ...options.env,
    },
    logFile: join(options.directory.logs, 'home.log'),
  })
  const health = `${options.certificate ? 'https' : 'http'}://localhost:${options.port}/health`
  const isHealthy = async () => (await getJson(health, options.certificate)).ok
  await waitUntilReady(child, isHealthy, { timeoutMs: 30_000, what: 'The home agent' })
  return child
}

/** Waits until the agent has paired and the edge has welcomed it: from then on films can be played. */
export async function waitUntilConnected(agent: Child, port: number, certificate?: Certificate): Promise<void> {
  const health = `${certificate ? 'https' : 'http'}://localhost:${port}/health`
  const isConnected = async () => ((await getJson(health, certificate)).body as { link?: string }).link === 'connected'
  await waitUntilReady(agent, isConnected, { timeoutMs: 30_000, what: 'The connection from home to the control plane' })
}
