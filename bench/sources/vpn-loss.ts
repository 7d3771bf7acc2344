/** How long after the VPN is lost in mid-film the last packet of the swarm leaves, by a capture of every interface. */
import { setTimeout as sleep } from 'node:timers/promises'
import { playFilmInNetwork } from '../../e2e/vpn/film-in-network.ts'
import { type HomeNetwork, TUNNEL } from '../../e2e/vpn/network.ts'
import { percentile, report } from '../report.ts'

const ROUNDS = 3
/** Long enough for the system to repeat whatever it has not been told to forget. */
const WATCH_MILLISECONDS = 6000

/** Each leaves a way open by the line, and is found out by another sense. */
const losses = {
  /** The interface stays with its address, and the line is behind it: Linux alone would send on. */
  bound: {
    settings: { PORCHLIGHT_VPN: 'required', PORCHLIGHT_VPN_INTERFACE: TUNNEL.name },
    lose: (network: HomeNetwork) => network.setTunnel('down'),
  },
  /** Nothing is bound: only the change of the way out, and NordVPN, tell. */
  checked: {
    settings: { PORCHLIGHT_VPN: 'required' },
    lose: (network: HomeNetwork) => network.deleteTunnel(),
  },
}

export async function measureVpnLoss(): Promise<void> {
  const all: number[] = []
  for (const [name, loss] of Object.entries(losses)) {
    const values: number[] = []
    for (let round = 0; round < ROUNDS; round++) values.push(await lastPacketMilliseconds(loss))
    say(`vpn-loss-${name}`, percentile(values, 0.5), values.length)
    all.push(...values)
  }
  // The worst of all: one packet too late is one too many.
  say('vpn-loss', Math.max(...all), all.length)
}

async function lastPacketMilliseconds({ settings, lose }: (typeof losses)[keyof typeof losses]): Promise<number> {
  const film = await playFilmInNetwork(settings)
  try {
    const lostAt = Date.now()
    lose(film.network)
    await sleep(WATCH_MILLISECONDS)
    await film.stopCapture()
    const after = film.packets.filter(({ at, isOut, to }) => isOut && at > lostAt && to !== film.nordvpn)
    return Math.max(0, ...after.map(({ at }) => at - lostAt))
  } finally {
    await film.close()
  }
}

const say = (what: string, value: number, n: number) =>
  report({ bench: 'sources', case: what, subject: 'porchlight', metric: 'last_packet_ms', value, n })
