/** A whole Porchlight on this machine: control plane, one home, and the demo swarm; started and stopped in order. */
import { type AgentOptions, startAgent, waitUntilConnected } from './agent-process.ts'
import type { Certificate } from './certificate.ts'
import type { Child } from './child.ts'
import { type DemoSwarmOptions, startDemoSwarm } from './demo/demo-swarm.ts'
import { type EdgeOptions, startEdge } from './edge-process.ts'
import { getJson } from './get-json.ts'
import { migrateLocalDatabase } from './migrate-database.ts'
import { keepSecrets, newSetupSecret, type StateDirectory } from './state-directory.ts'

export type HomeOptions = {
  directory: StateDirectory
  /** Where the edge and the agent listen. */
  host: string
  port: number
  agentPort: number
  /** Host name that people's browsers use. */
  publicHost: string
  certificate?: Certificate | undefined
  demo: boolean
  /** Told what is being done now. */
  onStep?: (step: string) => void
  /** Told which processes are running, whenever that changes. */
  onChildren?: (children: Child[]) => void
  swarm?: DemoSwarmOptions
  edgeScript?: string
  edgeSettings?: Record<string, string>
  agentAddresses?: string[]
  agentEnv?: Record<string, string>
}

export type Home = {
  origin: string
  /** The one-time link that makes the first administrator, or undefined when there is one already. */
  setupUrl: string | undefined
  edge: Child
  agent: Child
  swarm: Child[]
  directory: StateDirectory
  /** Starts a process again that has ended, exactly as it was. */
  restartEdge(): Promise<Child>
  restartAgent(): Promise<Child>
  stop(): Promise<void>
}

/** Starts everything; what was started is stopped again when a later step fails. */
export async function startHome(options: HomeOptions): Promise<Home> {
  const { directory, certificate, port, agentPort } = options
  const step = options.onStep ?? (() => {})
  const scheme = certificate ? 'https' : 'http'
  const origin = `${scheme}://${options.publicHost}:${port}`
  // Local processes meet on the loopback address by a name that the certificate also carries.
  const edgeUrl = `${scheme}://localhost:${port}`
  const kept = keepSecrets(directory)
  const setupSecret = newSetupSecret(Date.now() / 1000)
  const edgeOptions: EdgeOptions = {
    directory,
    host: options.host,
    port,
    origin,
    certificate,
    secrets: { ...kept, setupSecret },
    script: options.edgeScript,
    settings: options.edgeSettings,
  }
  let children: Child[] = []
  const add = (...more: Child[]) => {
    children = [...more, ...children]
    options.onChildren?.(children)
  }
  const stop = async () => {
    for (const child of children) await child.stop()
  }

  try {
    step('Bringing the database up to date')
    await migrateLocalDatabase(directory.edge)
    step('Starting the control plane')
    const edge = await startEdge(edgeOptions)
    add(edge)

    let catalogFile: string | undefined
    if (options.demo) {
      step('Starting the demo swarm: a tracker and two slow seeders')
      const swarm = await startDemoSwarm(directory, options.swarm)
      add(...swarm.children)
      catalogFile = swarm.catalogFile
    }

    step('Starting home and pairing it')
    const agentOptions: AgentOptions = {
      directory,
      edgeUrl,
      host: options.host,
      port: agentPort,
      addresses: options.agentAddresses ?? [`${scheme}://${options.publicHost}:${agentPort}`],
      localPairingSecret: kept.localPairingSecret,
      demoCatalogFile: catalogFile,
      certificate,
      ...(options.agentEnv ? { env: options.agentEnv } : {}),
    }
    const agent = await startAgent(agentOptions)
    add(agent)
    await waitUntilConnected(agent, agentPort, certificate)

    const home: Home = {
      origin,
      setupUrl: (await needsSetup(edgeUrl, certificate)) ? `${origin}/setup#${setupSecret}` : undefined,
      edge,
      agent,
      swarm: children.filter((child) => child.name.startsWith('demo')),
      directory,
      async restartEdge() {
        children = children.filter((child) => child !== home.edge)
        home.edge = await startEdge(edgeOptions)
        children.push(home.edge)
        options.onChildren?.(children)
        return home.edge
      },
      async restartAgent() {
        children = children.filter((child) => child !== home.agent)
        home.agent = await startAgent(agentOptions)
        add(home.agent)
        return home.agent
      },
      stop,
    }
    return home
  } catch (error) {
    await stop()
    throw error
  }
}

async function needsSetup(edgeUrl: string, certificate: Certificate | undefined): Promise<boolean> {
  const { body } = await getJson(`${edgeUrl}/api/setup`, certificate)
  return (body as { needed?: boolean }).needed === true
}
