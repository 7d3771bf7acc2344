/** The VPN is cut in mid-film: a capture of the home's line shows nothing of the agent, and the film goes on afterwards. */
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../node-agent/testing/until.ts'
import { type FilmInNetwork, playFilmInNetwork } from './vpn/film-in-network.ts'
import { type HomeNetwork, LINE, type Packet, TUNNEL } from './vpn/network.ts'

let playing: FilmInNetwork | undefined
afterEach(async () => {
  await playing?.close()
  playing = undefined
})
const begin = async (...given: Parameters<typeof playFilmInNetwork>) => {
  playing = await playFilmInNetwork(...given)
  return playing
}
const sentBy = ({ name }: { name: string }, packets: readonly Packet[]) =>
  packets.filter(({ device, isOut }) => device === name && isOut)

/** It is shut and has let everybody go, while what is on disk can be read all the same. */
async function untilShut({ now }: FilmInNetwork, reason: string): Promise<void> {
  await until(() => !now().isOpen && now().reason === reason && now().peers === 0, reason)
  const { headReads } = now()
  await until(() => now().headReads > headReads, 'a read of what is on disk')
  expect(now().isWhole).toBe(false)
}
const untilWhole = async ({ now, stopCapture }: FilmInNetwork) => {
  await until(() => now().isWhole, 'the whole film', 60_000)
  await stopCapture()
}

/** The three commands of the agent's README: what comes from the tunnel's address leaves by the tunnel, or not at all. */
const lead = ({ ip }: HomeNetwork) => ip('route', 'replace', 'default', 'dev', TUNNEL.name, 'table', '77')
const wall = (network: HomeNetwork) => {
  network.ip('rule', 'add', 'from', TUNNEL.address, 'lookup', '77')
  lead(network)
  network.ip('route', 'replace', 'unreachable', 'default', 'metric', '9999', 'table', '77')
}

const bound = { PORCHLIGHT_VPN: 'required', PORCHLIGHT_VPN_INTERFACE: TUNNEL.name }

describe('a tunnel that is cut in mid-film', () => {
  it('is gone: nothing of the agent is seen on the line, and the film goes on when it is back', async () => {
    const film = await begin(bound, wall)
    film.network.deleteTunnel()
    await untilShut(film, 'interface_gone')
    film.network.makeTunnel()
    lead(film.network)
    await untilWhole(film)
    expect(sentBy(LINE, film.packets)).toEqual([])
    const kinds = sentBy(TUNNEL, film.packets).map(({ kind }) => kind)
    expect(kinds).toContain('tcp')
    expect(kinds).toContain('udp')
  })

  it('stays, and leads nowhere: not even a last packet is seen on the line', async () => {
    const film = await begin(bound, wall)
    film.network.setTunnel('down')
    await untilShut(film, 'interface_gone')
    film.network.setTunnel('up')
    lead(film.network)
    await untilWhole(film)
    expect(sentBy(LINE, film.packets)).toEqual([])
  })

  it('was what NordVPN called protected: nothing follows the guard’s no, and the film goes on after its yes', async () => {
    const film = await begin({ PORCHLIGHT_VPN: 'required', PORCHLIGHT_VPN_CHECK_SECONDS: '2' })
    film.network.deleteTunnel()
    await untilShut(film, 'not_protected')
    film.network.makeTunnel()
    await untilWhole(film)
    // It was shut before the film, too.
    const opened = film.home.lines.findIndex(({ isOpen }) => isOpen)
    const shutAt = film.home.lines.slice(opened).find(({ isOpen }) => !isOpen)?.at ?? 0
    expect(shutAt).toBeGreaterThan(0)
    // The question itself leaves by the line: how else would it be known.
    expect(sentBy(LINE, film.packets).filter(({ at, to }) => at > shutAt && to !== film.nordvpn)).toEqual([])
  })

  it('is seen on the line at once where nothing guards it: the capture would show it', async () => {
    const film = await begin({ PORCHLIGHT_VPN: 'off' })
    expect(sentBy(LINE, film.packets)).toEqual([])
    film.network.deleteTunnel()
    await until(() => sentBy(LINE, film.packets).length > 0, 'a packet on the line')
  })
})
