/** A home and a screen behind a router each: how they meet is what the two routers allow. */
import type { Browser } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import type { IceServer } from '#protocol/p2p-signalling.ts'
import { until } from '../node-agent/testing/until.ts'
import { launchBrowser } from './browser.ts'
import { bundleScript } from './bundle-script.ts'
import { type Conversation, createNatNetwork, type NatKind, type NatNetwork } from './nat/network.ts'

const FILM_BYTES = 1_000_000
let network: NatNetwork | undefined
let browser: Browser | undefined
afterEach(async () => {
  await browser?.close()
  network?.close()
  browser = undefined
  network = undefined
})

async function begin(home: NatKind, screen: NatKind) {
  network = createNatNetwork({ home, screen })
  const agent = network.run('home', new URL('./nat/home-process.ts', import.meta.url))
  await until(() => agent.lines.some(({ isReady }) => isReady), 'the home', 30_000)
  return { network, agent, ask: askerOf(agent) }
}

/** A request of the hub's to the home, and its reply. */
function askerOf(agent: Conversation) {
  let asked = 0
  return async (request: object): Promise<{ answer: string }> => {
    const question = ++asked
    agent.say({ question, request: { streamId: 'stream-1', connectionId: 'c1', ...request } })
    const replyOf = () => agent.lines.find((line) => line.question === question)
    await until(() => replyOf() !== undefined, 'the reply of home', 30_000)
    const reply = replyOf()
    if (reply?.problem) throw new Error(String(reply.problem))
    return reply?.answer as { answer: string }
  }
}

/** The kinds of candidates that home came to be connected by: its own, and the viewer's. */
const wayOf = (agent: Conversation) => String(agent.lines.find(({ event }) => event === 'p2p_connected')?.kind)

async function view(screen: Conversation, ask: ReturnType<typeof askerOf>, iceServers: IceServer[]) {
  screen.say({ iceServers })
  const said = (what: string) => screen.lines.find((line) => what in line)?.[what]
  await until(() => said('offer') !== undefined, 'an offer', 30_000)
  screen.say(await ask({ kind: 'p2p-open', offer: said('offer'), iceServers }))
  await until(() => said('bytes') !== undefined, 'the film', 30_000)
  return said('bytes')
}

async function viewInChromium(network: NatNetwork, ask: ReturnType<typeof askerOf>, iceServers: IceServer[]) {
  browser = await launchBrowser([], network.chromium)
  const page = await browser.newPage()
  await page.exposeFunction('askHome', (request: object) => ask({ ...request, connectionId: 'chromium' }))
  await page.addScriptTag({ content: await bundleScript(new URL('./nat/page.ts', import.meta.url)) })
  return page.evaluate(
    (servers) => (window as unknown as { readFilm: (servers: IceServer[]) => Promise<number> }).readFilm(servers),
    iceServers,
  )
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

  it('do not meet where no UDP passes, and the player is told so', async () => {
    // What is left is the relay. TURN over TCP would lead home, but libjuice refuses what Chromium sends by it (its issue 355).
    const { network, ask } = await begin('full-cone', 'no-udp')
    await expect(viewInChromium(network, ask, [network.stun])).rejects.toThrow('LaneBroke')
  })
})
