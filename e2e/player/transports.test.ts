/** One film watched through each way home, and ways that are cut in mid-film: the clock in the picture tells that it goes on. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { freePort } from '../../start/ports.ts'
import { bringHome } from '../bring-home.ts'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { secondBurnedIn } from '../matrix/timecode.ts'
import { waitUntilPlaying } from '../measure-playback.ts'
import { shareFilms } from '../share-films.ts'
import { shoot } from '../shoot.ts'
import { currentSeconds, seekByKey, signInInPage, waitUntilSecond } from '../viewer.ts'
import { CLOCK_SECONDS, filmWithClock, LENGTH_SECONDS } from './film-with-clock.ts'
import { type Line, lineThatCanBeCut } from './line-that-can-be-cut.ts'

const name = 'Clock'
let home: FilmHome
let line: Line
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  const port = await freePort()
  home = await startFilmHome(await shareFilms([{ name, path: await filmWithClock() }]), {
    agentAddresses: [`http://localhost:${port}`],
  })
  line = await lineThatCanBeCut(port, () => home.agentPort)
  await bringHome(home, name)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await line?.close()
  await home?.stop()
})

afterEach(async () => {
  await context?.close()
  await line.mend()
})

const transport = () => page.locator('[data-testid=player]').getAttribute('data-transport')

/** Peer connections are kept where a test can end them, and no others begin while they are cut. */
function keepPeerConnections(): void {
  const Real = RTCPeerConnection
  const kept: RTCPeerConnection[] = []
  const cut = { is: false }
  Object.assign(window, {
    cutPeers: () => {
      cut.is = true
      for (const connection of kept) connection.close()
    },
    RTCPeerConnection: class extends Real {
      constructor(configuration?: RTCConfiguration) {
        if (cut.is) throw new DOMException('cut', 'OperationError')
        super(configuration)
        kept.push(this)
      }
    },
  })
}

async function watch(mode: 'direct' | 'remux'): Promise<void> {
  context = await openContext(browser, 'desktop')
  page = await context.newPage()
  await page.addInitScript(keepPeerConnections)
  if (mode === 'remux')
    await page.addInitScript(() => {
      const { canPlayType } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.canPlayType = function (type) {
        return type === 'video/mp4' ? '' : canPlayType.call(this, type)
      }
    })
  await signInInPage(page, home.origin, new RegExp(name))
  await page.goto(`${home.origin}/watch/${home.titleIds.get(name)}?from=start`)
  await waitUntilPlaying(page)
  expect(await page.locator('[data-mode]').getAttribute('data-mode')).toBe(mode)
  // Gone after a reload; and an element that was given another source has said so.
  await page.evaluate(() => {
    Object.assign(window, { notReloaded: true, emptied: 0 })
    const count = () => Object.assign(window, { emptied: (window as unknown as { emptied: number }).emptied + 1 })
    document.querySelector('video')?.addEventListener('emptied', count)
  })
}

const emptied = () => page.evaluate(() => Reflect.get(window, 'emptied'))
const cutPeers = () => page.evaluate(() => (window as unknown as { cutPeers: () => void }).cutPeers())
const goesBy = (expected: string) => expect.poll(transport, { timeout: 45_000 }).toBe(expected)

/** What stands ready beside the way in use, as the stats say it. */
async function isReady(words: string): Promise<void> {
  await page.getByText('Ready beside it').locator('xpath=following-sibling::dd').getByText(words).waitFor()
}

/** Goes to tenths of the film, and sees the picture of that place there. */
async function seekAndSee(key: string): Promise<void> {
  await seekByKey(page, key)
  const beyondSeconds = (await currentSeconds(page)) - (Number(key) / 10) * LENGTH_SECONDS
  expect(beyondSeconds).toBeGreaterThan(-1)
  expect(beyondSeconds).toBeLessThan(15)
  await expectClock()
}

/** The picture is of the moment that the player says it is of. */
async function expectClock(): Promise<void> {
  await expect
    .poll(async () => {
      const [before, burnedIn, after] = [
        await currentSeconds(page),
        await secondBurnedIn(page),
        await currentSeconds(page),
      ]
      const apart = (seconds: number) => {
        const difference = Math.abs((seconds % CLOCK_SECONDS) - burnedIn)
        return Math.min(difference, CLOCK_SECONDS - difference)
      }
      return Math.min(apart(before), apart(after))
    })
    .toBeLessThan(0.25)
}

async function playsOn(): Promise<void> {
  await waitUntilSecond(page, (await currentSeconds(page)) + 1.5)
  await expectClock()
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true)
}

it('in segments: from direct to peer to peer to the relay and back, in one viewing and one source', async () => {
  await watch('remux')
  expect(await transport()).toBe('direct')
  await page.getByRole('button', { name: 'Stats for nerds' }).click()
  await isReady('peer to peer')
  await shoot(page, 'stats')
  await seekAndSee('2')

  await line.cut()
  await seekAndSee('4')
  await goesBy('p2p')
  await playsOn()

  await cutPeers()
  await seekAndSee('6')
  await goesBy('relay')
  await playsOn()

  await line.mend()
  await goesBy('direct')
  await seekAndSee('8')
  await playsOn()
  expect(await emptied()).toBe(0)
})

it('as the file it is: through the service worker by a data channel and by the relay, with seeks', async () => {
  await watch('direct')
  expect(await transport()).toBe('direct')
  await seekAndSee('2')

  // Direct's own address, which the element read by itself, is changed for the page's, which stands for every way.
  await line.cut()
  await goesBy('p2p')
  await playsOn()
  expect(await emptied()).toBe(1)
  await seekAndSee('7')
  await seekAndSee('4')

  await cutPeers()
  await goesBy('relay')
  await seekAndSee('6')
  await playsOn()

  await line.mend()
  await goesBy('direct')
  await seekAndSee('8')
  await playsOn()
  // So neither of the two changes since was a new source.
  expect(await emptied()).toBe(1)
  // Nothing is kept of it.
  expect(await page.evaluate(() => caches.keys())).toEqual([])
})
