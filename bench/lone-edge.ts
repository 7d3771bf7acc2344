/** The edge in workerd alone, without a development server in front of it and without a home: what it costs by itself. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler'
import { installedProgram, repository } from '../start/child.ts'
import { edgeSettings } from '../start/edge-process.ts'
import { newKeyring } from '../start/key-ring.ts'
import { migrateDatabase } from '../start/migrate-database.ts'
import { freePort } from '../start/ports.ts'
import { runToEnd } from '../start/run-to-end.ts'
import { newSetupSecret } from '../start/state-directory.ts'

export type LoneEdge = { origin: string; setupUrl: string; localPairingSecret: string; stop: () => Promise<void> }

/**
 * With an empty database of the newest schema, and what `entry` puts beside the Worker's own routes: where nothing else
 * is said, the bare ones.
 */
export async function startLoneEdge(entry = 'bench/api/edge-with-bare-hono.ts'): Promise<LoneEdge> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-edge-'))
  // The web app's files are no part of it: any folder stands for theirs.
  const assets = mkdtempSync(join(folder, 'assets-'))
  const words = ['deploy', entry, '--dry-run', '--outdir', folder, '--assets', assets]
  await runToEnd(installedProgram('wrangler'), words, { failure: 'The Worker could not be built.' })
  const { workerOptions } = workerOptionsOf(join(repository, 'wrangler.toml'))
  const [port, setupSecret] = [await freePort(), newSetupSecret(Date.now() / 1000)]
  const localPairingSecret = randomBytes(24).toString('base64url')
  const origin = `http://localhost:${port}`
  const { assets: _assets, ...options } = workerOptions
  const workerd = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      host: '127.0.0.1',
      port,
      modulesRoot: folder,
      modules: [{ type: 'ESModule', path: join(folder, `${parse(entry).name}.js`) }],
      // Read, so that it does not stand in the way, and thrown away: a line costs what writing it costs.
      handleStructuredLogs() {},
      bindings: {
        ...edgeSettings({ host: '127.0.0.1', origin, settings: undefined }),
        KEYRING: newKeyring(),
        SETUP_SECRET: setupSecret,
        LOCAL_PAIRING_SECRET: localPairingSecret,
      },
    }),
  )
  await workerd.ready
  await migrateDatabase(await workerd.getD1Database('DB'))
  return {
    origin,
    setupUrl: `${origin}/setup#${setupSecret}`,
    localPairingSecret,
    async stop() {
      await workerd.dispose()
      rmSync(folder, { recursive: true })
    },
  }
}
