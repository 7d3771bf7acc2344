/** A person in front of a film that hls.js feeds: another sound, home gone in mid-film, a sound that nobody hears. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { measurePlayback, waitUntilPlaying } from '../measure-playback.ts'
import { shareFilms } from '../share-films.ts'
import { currentSeconds, signInInPage, waitUntilSecond } from '../viewer.ts'
import { filmWithTwoSounds, LENGTH_SECONDS, tones } from './film-with-two-sounds.ts'
import { heardHertz } from './heard-hertz.ts'

const name = 'Two Sounds'
let home: FilmHome
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  home = await startFilmHome(await shareFilms([{ name, path: await filmWithTwoSounds() }]))
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
})

beforeEach(async () => {
  context = await openContext(browser, 'desktop')
  page = await context.newPage()
})

afterEach(() => context?.close())

const mode = () => page.locator('[data-mode]').getAttribute('data-mode')

async function watch(): Promise<void> {
  await signInInPage(page, home.origin, new RegExp(name))
  await page.goto(`${home.origin}/watch/${home.titleIds.get(name)}?from=start`)
  await waitUntilPlaying(page)
  // Gone after a reload; and an element that was given another source has said so.
  await page.evaluate(() => {
    Object.assign(window, { notReloaded: true, emptied: 0 })
    const count = () => Object.assign(window, { emptied: (window as unknown as { emptied: number }).emptied + 1 })
    document.querySelector('video')?.addEventListener('emptied', count)
  })
}

const inPage = () =>
  page.evaluate(() => ({ notReloaded: 'notReloaded' in window, emptied: Reflect.get(window, 'emptied') }))

// First: what a person chooses of a film's sounds is remembered, and no file is told another sound.
describe('in a browser that says it decodes AC-3 and then plays it silently', () => {
  it('moves to a sound that is heard, at the same place', async () => {
    await context.addInitScript(() => {
      const says = (type: string) => type.includes('ac-3')
      const { canPlayType } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.canPlayType = function (type) {
        return says(type) ? 'probably' : canPlayType.call(this, type)
      }
      const { isTypeSupported } = MediaSource
      MediaSource.isTypeSupported = (type) => says(type) || isTypeSupported.call(MediaSource, type)
    })
    const reasons: unknown[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/move')) reasons.push(request.postDataJSON().reason)
    })
    await watch()
    expect(await mode()).toBe('direct')
    const places: number[] = []
    await expect
      .poll(
        async () => {
          places.push(await currentSeconds(page))
          return mode()
        },
        { timeout: 60_000 },
      )
      .toBe('audio')
    await waitUntilPlaying(page)
    expect(new Set(reasons)).toEqual(new Set(['cannot_decode']))
    expect(await currentSeconds(page)).toBeGreaterThanOrEqual(Math.max(...places) - 1)
    expect((await measurePlayback(page, 2)).audioBytes).toBeGreaterThan(1000)
  })
})

describe('a film whose sound home makes', () => {
  it('changes to another sound without a gap, and without asking for another plan', async () => {
    await watch()
    expect(await mode()).toBe('audio')
    await expect.poll(() => heardHertz(page), { timeout: 20_000 }).toBeCloseTo(tones.english, -1.3)
    const moves: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/move')) moves.push(request.url())
    })
    await page.getByRole('button', { name: 'Sound and subtitles' }).click()
    await page.getByRole('region', { name: 'Sound and subtitles' }).getByText('German, stereo').click()
    await expect.poll(() => heardHertz(page), { timeout: 60_000 }).toBeCloseTo(tones.german, -1.3)
    expect(moves).toEqual([])
    expect(await inPage()).toEqual({ notReloaded: true, emptied: 0 })
    expect((await measurePlayback(page, 2)).pace).toBeGreaterThan(0.9)
  })

  it('plays on from what it holds while home is away, and goes on by itself where a person sought meanwhile', async () => {
    await watch()
    await waitUntilSecond(page, 3)
    await home.agent.kill()
    await waitUntilSecond(page, (await currentSeconds(page)) + 4, 20_000)
    await page.keyboard.press('9')
    await page.locator('[data-state="reconnecting"]').waitFor()
    await home.restartAgent()
    await waitUntilSecond(page, 0.9 * LENGTH_SECONDS + 3, 90_000)
    expect(await mode()).toBe('audio')
    expect((await measurePlayback(page, 2)).audioBytes).toBeGreaterThan(1000)
    expect((await inPage()).notReloaded).toBe(true)
  })
})
