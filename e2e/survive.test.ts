import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser, openContext } from './browser.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { waitUntilPlaying } from './measure-playback.ts'
import { currentSeconds, openFilm, setUpInPage, waitUntilSecond } from './viewer.ts'

/** Slow enough that the browser has not swallowed the film before something breaks. */
const seederBytesPerSecond = 480_000

let home: TestHome
let browser: Browser
let page: Page

/** Where a browser opens no data channels, what cannot be reached directly comes by the relay. */
const withoutDataChannels = () => Reflect.deleteProperty(globalThis, 'RTCPeerConnection')

async function watch(agentAddresses?: string[]): Promise<void> {
  home = await startTestHome({
    swarm: { bytesPerSecond: seederBytesPerSecond },
    ...(agentAddresses ? { agentAddresses } : {}),
  })
  browser = await launchBrowser()
  page = await (await openContext(browser, 'desktop')).newPage()
  if (agentAddresses) await page.addInitScript(withoutDataChannels)
  await setUpInPage(page, home.setupUrl)
  await openFilm(page)
  await waitUntilPlaying(page)
  await waitUntilSecond(page, 4)
  // Gone after a reload: what proves that there was none.
  await page.evaluate(() => Object.assign(window, { notReloaded: true }))
}

async function expectItPlaysOn(from: number): Promise<void> {
  await waitUntilSecond(page, Math.max(from, 4) + 14, 90_000)
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true)
}

afterEach(async () => {
  await browser?.close()
  await home?.stop()
})

describe('a film plays on without a reload', () => {
  describe('on the direct path', () => {
    beforeEach(() => watch())

    it('when the agent is killed in mid-film and started again', async () => {
      await home.agent.kill()
      const at = await currentSeconds(page)
      await page.waitForTimeout(2000)
      await home.restartAgent()
      await expectItPlaysOn(at)
    })

    it('when the edge is killed in mid-film and started again', async () => {
      await home.edge.kill()
      const at = await currentSeconds(page)
      await page.waitForTimeout(2000)
      await home.restartEdge()
      await expectItPlaysOn(at)
    })
  })

  describe('through the relay', () => {
    beforeEach(() => watch(['http://localhost:9']))

    it('when the edge is killed in mid-film and started again', async () => {
      await home.edge.kill()
      const at = await currentSeconds(page)
      await page.waitForTimeout(2000)
      await home.restartEdge()
      await expectItPlaysOn(at)
    })
  })
})
