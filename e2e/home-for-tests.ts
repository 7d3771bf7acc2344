/** A whole Porchlight in a temporary folder on free ports: the one a person gets from `npm start`, for one test file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb } from '../start/build-web.ts'
import { type Home, type HomeOptions, startHome } from '../start/home.ts'
import { freePort } from '../start/ports.ts'
import { openStateDirectory } from '../start/state-directory.ts'

export type TestHome = Home & { root: string; agentPort: number }

/** Ends and removes everything when `stop` is called. */
export async function startTestHome(options: Partial<HomeOptions> = {}): Promise<TestHome> {
  await buildWeb()
  const root = mkdtempSync(join(tmpdir(), 'porchlight-home-'))
  const [port, agentPort] = [await freePort(), await freePort()]
  const home = await startHome({
    directory: openStateDirectory(root),
    host: '127.0.0.1',
    port,
    agentPort,
    publicHost: 'localhost',
    demo: true,
    ...options,
    // Nothing is asked of the world; a test that looks for sources names its own stand-in.
    agentEnv: { PORCHLIGHT_DISCOVERY: 'off', SOURCE_INTERNET_ARCHIVE_ENABLED: 'off', ...options.agentEnv },
  })
  const stopHome = home.stop
  const stop = async () => {
    await stopHome()
    rmSync(root, { recursive: true, force: true })
  }
  // Assigned, not spread: restarting replaces the processes that the home itself holds.
  return Object.assign(home, { root, agentPort, stop })
}
