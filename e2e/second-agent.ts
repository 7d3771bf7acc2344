/** Another agent of a household of tests: its own state and its own port, the same edge and the same films. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { type AgentOptions, startAgent, waitUntilConnected } from '../start/agent-process.ts'
import type { Child } from '../start/child.ts'
import { freePort } from '../start/ports.ts'
import { keepSecrets } from '../start/state-directory.ts'
import type { FilmHome } from './film-home.ts'
import type { SharedFilms } from './share-films.ts'

export type SecondAgent = {
  port: number
  child: Child
  /** Starts it again after it has ended, exactly as it was. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Resolves when it is paired and connected. */
export async function startSecondAgent(
  home: FilmHome,
  { catalogFile }: SharedFilms,
  { name, env }: { name: string; env: Record<string, string> },
): Promise<SecondAgent> {
  const port = await freePort()
  const agent = join(home.root, `agent-${port}`)
  mkdirSync(agent)
  const options: AgentOptions = {
    directory: { ...home.directory, agent },
    edgeUrl: home.origin,
    host: '127.0.0.1',
    port,
    addresses: [`http://localhost:${port}`],
    localPairingSecret: keepSecrets(home.directory).localPairingSecret,
    demoCatalogFile: catalogFile,
    env: { PORCHLIGHT_NAME: name, PORCHLIGHT_DISCOVERY: 'off', SOURCE_INTERNET_ARCHIVE_ENABLED: 'off', ...env },
  }
  const start = async () => {
    const child = await startAgent(options)
    await waitUntilConnected(child, port)
    return child
  }
  const second: SecondAgent = {
    port,
    child: await start(),
    async restart() {
      second.child = await start()
    },
    stop: () => second.child.stop(),
  }
  return second
}

const Agents = z.object({ agents: z.array(z.object({ id: z.string(), name: z.string(), online: z.boolean() })) })

/** The agents of a household, in the order in which they were paired. */
export async function agentsOf({ client }: FilmHome): Promise<z.infer<typeof Agents>['agents']> {
  return Agents.parse(await (await client.call('GET', '/api/agents')).json()).agents.reverse()
}

/** Tells the edge, as its admin, what an agent is to do. */
export async function setMode({ client }: FilmHome, agentId: string, mode: string): Promise<void> {
  const answer = await client.call('POST', `/api/agents/${agentId}/mode`, { mode })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
}
