/** A household of two agents that both have a film whole on their disks, and a browser that watches it in segments. */
import type { Browser, Page } from 'playwright-core'
import { until } from '../node-agent/testing/until.ts'
import { waitUntilConnected } from '../start/agent-process.ts'
import type { Child } from '../start/child.ts'
import { bringHome } from './bring-home.ts'
import { openContext } from './browser.ts'
import { type FilmHome, startFilmHome } from './film-home.ts'
import { waitUntilPlaying } from './measure-playback.ts'
import { agentsOf, setMode, startSecondAgent } from './second-agent.ts'
import { shareFilms } from './share-films.ts'
import { signInInPage } from './viewer.ts'

export type OneOfTwo = { id: string; port: number; child: () => Child; restart: () => Promise<void> }
export type HomeOfTwo = { home: FilmHome; agents: [OneOfTwo, OneOfTwo]; stop: () => Promise<void> }

type TwoOptions = {
  /** A film more, of which nothing is on anybody's disk. */
  elsewhere?: { name: string; path: string }
  /** Settings of the first and of the second. */
  env?: [Record<string, string>, Record<string, string>]
}

export async function startHomeOfTwo(
  name: string,
  path: string,
  { elsewhere, env = [{}, {}] }: TwoOptions = {},
): Promise<HomeOfTwo> {
  const shared = await shareFilms([{ name, path }, ...(elsewhere ? [elsewhere] : [])])
  const home = await startFilmHome(shared, { agentEnv: env[0] })
  await bringHome(home, name)
  const second = await startSecondAgent(home, shared, { name: 'Cellar', env: env[1] })
  const known = await agentsOf(home)
  const idOf = (isSecond: boolean) => known.find((one) => (one.name === 'Cellar') === isSecond)?.id ?? ''
  const agents: HomeOfTwo['agents'] = [
    {
      ...{ id: idOf(false), port: home.agentPort, child: () => home.agent },
      restart: async () => waitUntilConnected(await home.restartAgent(), home.agentPort),
    },
    { ...{ id: idOf(true), port: second.port, child: () => second.child }, restart: second.restart },
  ]
  // Nothing new starts at the first: so the film comes to the second too.
  await setMode(home, agents[0].id, 'maintenance')
  await bringHome(home, name)
  await setMode(home, agents[0].id, 'serving')
  const stop = async () => {
    await second.stop()
    await home.stop()
  }
  return { home, agents, stop }
}

/** A page that watches, and the port of the agent that was asked last for a piece of the film. */
export type Watching = { page: Page; askedPort: () => number }

/**
 * As a browser that opens no MP4 by itself: in segments, which play on wherever the next one comes from. `prepare` has
 * the page before it plays.
 */
export async function watchInSegments(
  browser: Browser,
  home: FilmHome,
  name: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<Watching> {
  const page = await (await openContext(browser, 'desktop')).newPage()
  let port = 0
  await page.addInitScript(() => {
    const { canPlayType } = HTMLMediaElement.prototype
    HTMLMediaElement.prototype.canPlayType = function (type) {
      return type === 'video/mp4' ? '' : canPlayType.call(this, type)
    }
  })
  page.on('response', (response) => {
    const url = new URL(response.url())
    if (response.ok() && /^\/api\/stream\/.*\/hls\/.*\d/.test(url.pathname)) port = Number(url.port)
  })
  await signInInPage(page, home.origin, new RegExp(name))
  await prepare?.(page)
  await page.goto(`${home.origin}/watch/${home.titleIds.get(name)}?from=start`)
  await waitUntilPlaying(page)
  return { page, askedPort: () => port }
}

/** Until the element holds so much of the film beyond this moment. */
export async function untilBuffered(page: Page, seconds: number): Promise<void> {
  const isAhead = () =>
    page.evaluate((wanted) => {
      const video = document.querySelector('video')
      const end = video && video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : 0
      return end - (video?.currentTime ?? 0) >= wanted
    }, seconds)
  await until(isAhead, `${seconds} s to be buffered`, 60_000)
}
