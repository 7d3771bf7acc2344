/** A whole Porchlight in three networks: its edge in the middle, its agent behind one router, and a browser behind another. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { until } from '../../node-agent/testing/until.ts'
import { bringHome } from '../bring-home.ts'
import { launchBrowser } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { agentsOf } from '../second-agent.ts'
import { shareFilms } from '../share-films.ts'
import { createNatNetwork, type NatKind, type NatNetwork, serversInTheMiddle } from './network.ts'

export type Household = {
  home: FilmHome
  network: NatNetwork
  browser: Browser
  /** What the agent has logged behind its router. */
  agentLog(): string
  stop(): Promise<void>
}

/**
 * The film is whole at home before the agent moves behind its router. Pages are of `home.origin`, an address of this
 * machine's by its name: so they may do what pages of a certificate may.
 */
export async function startHouseholdBehindNat(
  film: { name: string; path: string },
  kinds: { home: NatKind; screen: NatKind },
): Promise<Household> {
  const network = createNatNetwork(kinds)
  const ends: (() => Promise<void> | void)[] = [() => network.close()]
  const stop = async () => {
    for (const end of ends.reverse()) await end()
  }
  try {
    const home = await startFilmHome(await shareFilms([film]), { edgeSettings: serversInTheMiddle })
    ends.push(home.stop)
    await bringHome(home, film.name)
    const { port } = new URL(home.origin)
    const middle = await network.putInTheMiddle(Number(port))
    await home.agent.stop()
    const log = join(home.directory.logs, 'home-behind-nat.log')
    startAgent(home, network, { edgeUrl: `http://${middle}:${port}`, log })
    await until(async () => (await agentsOf(home)).some(({ online }) => online), 'home to be heard of', 30_000)
    const browser = await launchBrowser([`--host-resolver-rules=MAP localhost ${middle}`], network.chromium)
    ends.push(() => browser.close())
    return { home, network, browser, agentLog: () => readFileSync(log, 'utf8'), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The agent that has the film, as it would start in that network. */
function startAgent(
  { directory, agentPort }: FilmHome,
  network: NatNetwork,
  { edgeUrl, log }: { edgeUrl: string; log: string },
): void {
  const settings = {
    PORCHLIGHT_EDGE_URL: edgeUrl,
    PORCHLIGHT_STATE_DIR: directory.agent,
    PORCHLIGHT_HTTP_PORT: String(agentPort),
    PORCHLIGHT_DISCOVERY: 'off',
    SOURCE_INTERNET_ARCHIVE_ENABLED: 'off',
  }
  const main = new URL('../../node-agent/main.ts', import.meta.url).pathname
  const variables = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  const program = ['sh', '-c', 'exec "$0" "$1" >> "$2" 2>&1', process.execPath, main, log]
  network.start('home', ['env', ...variables, ...program])
}
