/** A home and a screen behind a router each: how they meet is what the two routers allow, and what plays where they do not. */
import type { Browser } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import type { IceServer } from '#protocol/p2p-signalling.ts'
import { until } from '../node-agent/testing/until.ts'
import { launchBrowser, openContext } from './browser.ts'
import { bundleScript } from './bundle-script.ts'
import { waitUntilPlaying } from './measure-playback.ts'
import { type Household, startHouseholdBehindNat } from './nat/household.ts'
import type { Conversation } from './nat/namespaces.ts'
import { createNatNetwork, type NatKind, type NatNetwork } from './nat/network.ts'
import { filmWithClock } from './player/film-with-clock.ts'
import { currentSeconds, signInInPage, waitUntilSecond } from './viewer.ts'

const FILM_BYTES = 1_000_000
/** More than is on its way at any moment: most of it comes after what happens in mid-film. */
const LONG_FILM_BYTES = 14_000_000
let network: NatNetwork | undefined
let browser: Browser | undefined
let household: Household | undefined
afterEach(async () => {
  await browser?.close()
  network?.close()
  await household?.stop()
  browser = undefined
  network = undefined
  household = undefined
})

async function begin(home: NatKind, screen: NatKind, filmBytes = FILM_BYTES) {
  network = createNatNetwork({ home, screen })
  const agent = network.run('home', new URL('./nat/home-process.ts', import.meta.url), [String(filmBytes)])
  await until(() => agent.lines.some(({ isReady }) => isReady), 'the home', 30_000)
  return { network, agent, ask: askerOf(agent) }
}

/** A request of the hub's to the home, and its reply. */
function askerOf(agent: Conversation) {
  let asked = 0
  return async (request: object): Promise<{ answer: string }> => {
    const question = ++asked
    agent.say({ question, request: { connectionId: 'c1', ...request, streamId: 'stream-1' } })
    const replyOf = () => agent.lines.find((line) => line.question === question)
    await until(() => replyOf() !== undefined, 'the reply of home', 30_000)
    const reply = replyOf()
    if (reply?.problem) throw new Error(String(reply.problem))
    return reply?.answer as { answer: string }
  }
}

/** The kinds of candidates that home came to be connected by, each time: its own, and the viewer's. */
const waysOf = (agent: Conversation) =>
  agent.lines.filter(({ event }) => event === 'p2p_connected').map(({ kind }) => String(kind))
const wayOf = (agent: Conversation) => waysOf(agent)[0]

async function view(screen: Conversation, ask: ReturnType<typeof askerOf>, iceServers: IceServer[]) {
  screen.say({ iceServers })
  const said = (what: string) => screen.lines.find((line) => what in line)?.[what]
  await until(() => said('offer') !== undefined, 'an offer', 30_000)
  screen.say(await ask({ kind: 'p2p-open', offer: said('offer'), iceServers }))
  await until(() => said('bytes') !== undefined, 'the film', 30_000)
  return said('bytes')
}

async function openPage(network: NatNetwork, ask: ReturnType<typeof askerOf>, midFilm: () => void = () => undefined) {
  browser = await launchBrowser([], network.chromium)
  const page = await browser.newPage()
  await page.exposeFunction('askHome', ask)
  await page.exposeFunction('midFilm', midFilm)
  await page.addScriptTag({ content: await bundleScript(new URL('./nat/page.ts', import.meta.url)) })
  return page
}

async function viewInChromium(network: NatNetwork, ask: ReturnType<typeof askerOf>, iceServers: IceServer[]) {
  const page = await openPage(network, ask)
  return page.evaluate(
    (servers) => (window as unknown as { readFilm: (servers: IceServer[]) => Promise<number> }).readFilm(servers),
    iceServers,
  )
}

/** A film in one request of the player's, in whose middle something happens; expects all of its bytes in their order. */
async function expectGoesOn(iceServers: (network: NatNetwork) => IceServer[], midFilm: (network: NatNetwork) => void) {
  const { network, agent, ask } = await begin('full-cone', 'full-cone', LONG_FILM_BYTES)
  const page = await openPage(network, ask, () => midFilm(network))
  const watch = ([servers, bytes]: [IceServer[], number]) =>
    (window as unknown as { watchFilm: (servers: IceServer[], bytes: number) => Promise<string> }).watchFilm(
      servers,
      bytes,
    )
  const seen = await page.evaluate(watch, [iceServers(network), LONG_FILM_BYTES / 14] as [IceServer[], number])
  expect(seen).toBe(agent.lines.find(({ isReady }) => isReady)?.checksum)
  return waysOf(agent)
}

describe('a home and a screen behind two routers', () => {
  it('meet by what STUN tells them, where the routers let answers in', async () => {
    const { network, agent, ask } = await begin('full-cone', 'full-cone')
    const screen = network.run('screen', new URL('./nat/viewer-process.ts', import.meta.url))
    expect(await view(screen, ask, [network.stun])).toBe(FILM_BYTES)
    expect(wayOf(agent)).not.toContain('relay')
  })

  it('meet at the TURN server, where every destination sees another port', async () => {
    const { network, agent, ask } = await begin('symmetric', 'symmetric')
    const screen = network.run('screen', new URL('./nat/viewer-process.ts', import.meta.url))
    expect(await view(screen, ask, [network.stun, network.turn()])).toBe(FILM_BYTES)
    expect(wayOf(agent)).toContain('relay')
  })

  it('meet in Chromium by the player’s own loader, by STUN alone', async () => {
    const { network, agent, ask } = await begin('full-cone', 'full-cone')
    expect(await viewInChromium(network, ask, [network.stun])).toBe(FILM_BYTES)
    expect(wayOf(agent)).not.toContain('relay')
  })

  it('meet in Chromium at the TURN server, where every destination sees another port', async () => {
    const { network, agent, ask } = await begin('symmetric', 'symmetric')
    expect(await viewInChromium(network, ask, [network.turn()])).toBe(FILM_BYTES)
    expect(wayOf(agent)).toContain('relay')
  })

  it.each(['screen', 'home'] as const)(
    'go on with the film where the address of the %s changes in its middle',
    async (place) => {
      await expectGoesOn(
        ({ stun }) => [stun],
        (network) => network.changeAddress(place),
      )
    },
  )

  it('go on with the film over the TURN server where a rule cuts the way between them in its middle', async () => {
    const ways = await expectGoesOn(
      (network) => [network.stun, network.turn()],
      (network) => network.cutDirect(),
    )
    // And then there was no other way than the server's, whether or not it took a connection more.
    expect(ways[0]).not.toContain('relay')
  })
})

describe('a whole household whose screen is in a network that lets no UDP through', () => {
  // TURN over TCP would lead home, but libjuice refuses what Chromium sends by it (its issue 355).
  it('watches by the relay, says so, and goes on when home’s address changes, and when its router’s alone does', async () => {
    const film = { name: 'Clock', path: await filmWithClock() }
    household = await startHouseholdBehindNat(film, { home: 'full-cone', screen: 'no-udp' })
    const { home, network, agentLog } = household
    // Little more than the film takes: what is held of it is soon over.
    network.limitLine('screen', 900_000)
    const page = await (await openContext(household.browser, 'desktop')).newPage()
    await signInInPage(page, home.origin, /Clock/)
    await page.goto(`${home.origin}/watch/${home.titleIds.get('Clock')}?from=start`)
    await waitUntilPlaying(page)
    await page.getByRole('button', { name: 'Stats for nerds' }).click()
    await page.getByText(/^Detour through the edge/).waitFor()
    await until(() => network.datagramsDropped('screen') > 0, 'peer to peer to be tried, by STUN and TURN', 30_000)
    expect(agentLog()).not.toContain('p2p_connected')

    const end = () =>
      page.evaluate(() => {
        const { buffered } = document.querySelector('video') as HTMLVideoElement
        return buffered.length === 0 ? 0 : buffered.end(buffered.length - 1)
      })
    const connections = () => agentLog().split('"hub_connected"').length - 1
    for (const change of [network.changeAddress, network.changeOuterAddress]) {
      const before = connections()
      change('home')
      await until(() => connections() > before, 'home to come back', 30_000)
      await waitUntilSecond(page, Math.max(await end(), await currentSeconds(page)) + 1)
    }
    expect(agentLog()).not.toContain('p2p_connected')
  })
})
