/**
 * A film plays in Chromium behind one router, from a home behind another, and when ten seconds are buffered one of the two
 * is in another network: other addresses inside and outside, and none of those before; or home's router alone has another
 * outside. There is one agent, so the film goes on from it, by another connection.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { untilBuffered, watchInSegments } from '../../e2e/home-of-two-agents.ts'
import { startHouseholdBehindNat } from '../../e2e/nat/household.ts'
import type { NatNetwork } from '../../e2e/nat/network.ts'
import { filmWithClock } from '../../e2e/player/film-with-clock.ts'
import { type FilmArrivals, followFilm } from './film-arrivals.ts'
import { stalledMs, watchPicture } from './watch-picture.ts'

/** `switchMs`: the longest time in which no byte of the film came, by whatever way. */
export type Run = { switchMs: number; stalledMs: number }

const changes = {
  home: (network: NatNetwork) => network.changeAddress('home'),
  'home-router': (network: NatNetwork) => network.changeOuterAddress('home'),
  screen: (network: NatNetwork) => network.changeAddress('screen'),
} as const
export type Moving = keyof typeof changes

type Wanted = { moving: Moving; bufferedSeconds: number; bytesPerSecond: number; watchOnSeconds: number }

/** One viewing in networks of its own; other viewings may follow in them. */
export async function startAddressChanges(name: string) {
  const film = { name, path: await filmWithClock() }
  const { home, network, browser, stop } = await startHouseholdBehindNat(film, {
    home: 'full-cone',
    screen: 'full-cone',
  })
  let isLimited = false
  const measure = async ({ moving, bufferedSeconds, bytesPerSecond, watchOnSeconds }: Wanted): Promise<Run> => {
    if (!isLimited) network.limitLine('screen', bytesPerSecond)
    isLimited = true
    let arrivals: FilmArrivals | undefined
    const { page } = await watchInSegments(browser, home, name, async (page) => {
      arrivals = await followFilm(page)
    })
    try {
      await untilBuffered(page, bufferedSeconds)
      await watchPicture(page)
      const changedMs = Date.now()
      changes[moving](network)
      await sleep(watchOnSeconds * 1000)
      const switchMs = (await arrivals?.longestSilence(changedMs)) ?? Number.NaN
      return { switchMs, stalledMs: await stalledMs(page) }
    } finally {
      await page.context().close()
    }
  }
  return { measure, stop }
}
