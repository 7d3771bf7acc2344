/** The edge in workerd alone, and a home with the demo's film: for what the development server would cost too much of. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAgent, waitUntilConnected } from '../start/agent-process.ts'
import type { Child } from '../start/child.ts'
import { type DemoSwarmOptions, startDemoSwarm } from '../start/demo/demo-swarm.ts'
import { freePort } from '../start/ports.ts'
import { openStateDirectory } from '../start/state-directory.ts'
import { type LoneEdge, startLoneEdge } from './lone-edge.ts'

export type LoneHome = Pick<LoneEdge, 'origin' | 'setupUrl' | 'stop'> & { agent: Child }

/**
 * Every request to the development server passes through a second Worker of its own, twice 5 to 20 ms for one that is
 * relayed; a deployment has no such thing.
 */
export async function startLoneHome(options: DemoSwarmOptions): Promise<LoneHome> {
  const root = mkdtempSync(join(tmpdir(), 'porchlight-lone-home-'))
  const directory = openStateDirectory(root)
  const [edge, swarm] = [await startLoneEdge(), await startDemoSwarm(directory, options)]
  const port = await freePort()
  const agent = await startAgent({
    directory,
    edgeUrl: edge.origin,
    host: '127.0.0.1',
    port,
    addresses: [`http://localhost:${port}`],
    localPairingSecret: edge.localPairingSecret,
    demoCatalogFile: swarm.catalogFile,
    env: { PORCHLIGHT_DISCOVERY: 'off', SOURCE_INTERNET_ARCHIVE_ENABLED: 'off' },
  })
  await waitUntilConnected(agent, port)
  return {
    origin: edge.origin,
    setupUrl: edge.setupUrl,
    agent,
    async stop() {
      for (const child of [agent, ...swarm.children]) await child.stop()
      await edge.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
