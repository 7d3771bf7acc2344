/** The edge in workerd alone, without a development server in front of it and without a home: what it costs by itself. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler'
import { installedProgram, repository } from '../start/child.ts'
import { edgeSettings } from '../start/edge-process.ts'
import { newKeyring } from '../start/key-ring.ts'
import { migrateDatabase } from '../start/migrate-database.ts'
import { freePort } from '../start/ports.ts'
import { runToEnd } from '../start/run-to-end.ts'
import { newSetupSecret } from '../start/state-directory.ts'

export type LoneEdge = { origin: string; setupUrl: string; stop: () => Promise<void> }

/** With the bare routes beside the Worker's own (api/edge-with-bare-hono.ts), and an empty database of the newest schema. */
export async function startLoneEdge(): Promise<LoneEdge> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-edge-'))
  const entry = 'bench/api/edge-with-bare-hono.ts'
  // The web app's files are no part of it: any folder stands for theirs.
  const assets = mkdtempSync(join(folder, 'assets-'))
  const words = ['deploy', entry, '--dry-run', '--outdir', folder, '--assets', assets]
  await runToEnd(installedProgram('wrangler'), words, { failure: 'The Worker could not be built.' })
  const { workerOptions } = workerOptionsOf(join(repository, 'wrangler.toml'))
  const [port, setupSecret] = [await freePort(), newSetupSecret(Date.now() / 1000)]
  const origin = `http://localhost:${port}`
  const { assets: _assets, ...options } = workerOptions
  const workerd = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      host: '127.0.0.1',
      port,
      modulesRoot: folder,
      modules: [{ type: 'ESModule', path: join(folder, 'edge-with-bare-hono.js') }],
      // Read, so that it does not stand in the way, and thrown away: a line costs what writing it costs.
      handleStructuredLogs() {},
      bindings: {
        ...edgeSettings({ host: '127.0.0.1', origin, settings: undefined }),
        KEYRING: newKeyring(),
        SETUP_SECRET: setupSecret,
        LOCAL_PAIRING_SECRET: randomBytes(24).toString('base64url'),
      },
    }),
  )
  await workerd.ready
  await migrateDatabase(await workerd.getD1Database('DB'))
  return {
    origin,
    setupUrl: `${origin}/setup#${setupSecret}`,
    async stop() {
      await workerd.dispose()
      rmSync(folder, { recursive: true })
    },
  }
}
