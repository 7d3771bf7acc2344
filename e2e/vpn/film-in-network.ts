/** A film that plays at home from the world, with the VPN guarded as the settings say, and a capture of all that leaves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../node-agent/testing/until.ts'
import { createHomeNetwork, type HomeNetwork, type Lines, type Packet, TUNNEL, WORLD } from './network.ts'

/** What the home says every 50 ms; `at` is epoch milliseconds. */
export type HomeFacts = {
  at: number
  isOpen: boolean
  reason?: string
  peers: number
  readBytes: number
  headReads: number
  isWhole: boolean
}

export type FilmInNetwork = {
  network: HomeNetwork
  home: Lines<HomeFacts>
  now(): HomeFacts
  packets: Packet[]
  stopCapture(): Promise<void>
  /** Where NordVPN's stand-in is: questions to it are not the swarm's. */
  nordvpn: string
  close(): Promise<void>
}

const FILM_BYTES = 3_000_000
const BYTES_PER_SECOND = 400_000

/** `prepare` comes before anything runs. */
export async function playFilmInNetwork(
  settings: Record<string, string>,
  prepare: (network: HomeNetwork) => void = () => {},
): Promise<FilmInNetwork> {
  const network = createHomeNetwork()
  const stateDir = mkdtempSync(join(tmpdir(), 'porchlight-vpn-'))
  const close = async () => {
    await network.close()
    rmSync(stateDir, { recursive: true, force: true })
  }
  try {
    network.makeTunnel()
    prepare(network)
    const world = network.run<{ nordvpn: string }>('world', new URL('./world-process.ts', import.meta.url), [
      ...[WORLD, TUNNEL.address, FILM_BYTES, BYTES_PER_SECOND].map(String),
    ])
    await until(() => world.lines.length > 0, 'the world', 60_000)
    const [known] = world.lines
    if (!known) throw new Error('there is no world')
    const { packets, stop: stopCapture } = await network.capture()
    const home = network.run<HomeFacts>(
      'home',
      new URL('./home-process.ts', import.meta.url),
      [stateDir, JSON.stringify(known)],
      { PORCHLIGHT_VPN_NORDVPN_URL: known.nordvpn, ...settings },
    )
    const now = () => home.lines.at(-1) ?? nothingYet
    await until(() => now().readBytes > FILM_BYTES / 10, 'a film that plays', 60_000)
    return { network, home, now, packets, stopCapture, nordvpn: new URL(known.nordvpn).host, close }
  } catch (error) {
    await close()
    throw error
  }
}

const nothingYet: HomeFacts = { at: 0, isOpen: false, peers: 0, readBytes: 0, headReads: 0, isWhole: false }
