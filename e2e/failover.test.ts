/** A home of two agents: the one that plays is killed, drained, or loses its VPN, and the film plays on without a break. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../node-agent/testing/until.ts'
import { insights, startVpnService, type VpnService } from '../node-agent/testing/vpn-services.ts'
import { launchBrowser } from './browser.ts'
import { type HomeOfTwo, startHomeOfTwo, untilBuffered, type Watching, watchInSegments } from './home-of-two-agents.ts'
import { secondBurnedIn } from './matrix/timecode.ts'
import { CLOCK_SECONDS, filmWithClock } from './player/film-with-clock.ts'
import { setMode } from './second-agent.ts'
import { currentSeconds, waitUntilSecond } from './viewer.ts'

const name = 'Clock'
/** The same pictures as another torrent, of which nobody at home has anything. */
const elsewhere = 'Clock from elsewhere'
const folder = mkdtempSync(join(tmpdir(), 'porchlight-failover-'))
let vpns: [VpnService, VpnService]
let two: HomeOfTwo
let browser: Browser
let watching: Watching

beforeAll(async () => {
  const path = join(folder, 'clock-from-elsewhere.mp4')
  symlinkSync(await filmWithClock(), path)
  vpns = [await startVpnService(insights(true)), await startVpnService(insights(true))]
  const guarded = ({ url }: VpnService) => ({
    ...{ PORCHLIGHT_VPN: 'required', PORCHLIGHT_VPN_CHECK_SECONDS: '2', PORCHLIGHT_VPN_NORDVPN_URL: url },
  })
  two = await startHomeOfTwo(name, await filmWithClock(), {
    elsewhere: { name: elsewhere, path },
    env: [guarded(vpns[0]), guarded(vpns[1])],
  })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await two?.stop()
  for (const vpn of vpns ?? []) await vpn.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function watch(film: string): Promise<void> {
  watching = await watchInSegments(browser, two.home, film)
  await untilBuffered(watching.page, 10)
  // Gone after a reload.
  await watching.page.evaluate(() => {
    const seen = { emptied: 0, waiting: 0 }
    Object.assign(window, { seen })
    const video = document.querySelector('video')
    video?.addEventListener('emptied', () => seen.emptied++)
    video?.addEventListener('waiting', () => seen.waiting++)
  })
}

/** The film has not stood still, nor been begun anew, and the picture is of the moment that the player says. */
async function expectUnbroken(): Promise<void> {
  const { page } = watching
  expect(await page.evaluate(() => Reflect.get(window, 'seen'))).toEqual({ emptied: 0, waiting: 0 })
  await expect
    .poll(
      async () => {
        const before = await currentSeconds(page)
        const shown = await secondBurnedIn(page)
        const after = await currentSeconds(page)
        const apart = (seconds: number) => {
          const difference = Math.abs((seconds % CLOCK_SECONDS) - shown)
          return Math.min(difference, CLOCK_SECONDS - difference)
        }
        return Math.min(apart(before), apart(after))
      },
      { timeout: 30_000 },
    )
    .toBeLessThan(0.25)
}

async function playsOnFrom(port: number): Promise<void> {
  const at = await currentSeconds(watching.page)
  await until(() => watching.askedPort() === port, 'the other agent to be asked for the next segment', 60_000)
  await waitUntilSecond(watching.page, at + 3)
  await expectUnbroken()
}

it('plays on from the other agent when one is killed, and from the first again when the other is drained', async () => {
  await watch(name)
  const [first, second] = two.agents
  const [plays, other] = watching.askedPort() === second.port ? [second, first] : [first, second]
  await plays.child().kill()
  await playsOnFrom(other.port)

  await plays.restart()
  await setMode(two.home, other.id, 'draining')
  await playsOnFrom(plays.port)
  // Nobody watches there any more: it can be stopped.
  await until(async () => (await loadOf(other.id)) === 0, 'the drained agent to be idle', 60_000)
  await setMode(two.home, other.id, 'serving')
  await watching.page.close()
})

it('plays on from the other agent when the VPN of the one that fetches it is lost', async () => {
  await watch(elsewhere)
  const [first, second] = two.agents
  const isSecond = watching.askedPort() === second.port
  vpns[isSecond ? 1 : 0].answer(insights(false))
  await playsOnFrom(isSecond ? first.port : second.port)
})

async function loadOf(id: string): Promise<number | undefined> {
  const { agents } = (await (await two.home.client.call('GET', '/api/agents')).json()) as {
    agents: { id: string; load: { streams: number } | null }[]
  }
  return agents.find((one) => one.id === id)?.load?.streams
}
