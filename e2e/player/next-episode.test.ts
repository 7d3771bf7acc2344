/** A person who watches a show: the next episode is offered near the end, and begins by itself unless they say no. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { bringHome } from '../bring-home.ts'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { waitUntilPlaying } from '../measure-playback.ts'
import { shareFilms } from '../share-films.ts'
import { shoot } from '../shoot.ts'
import { currentSeconds, signInInPage } from '../viewer.ts'
import { colours, EACH_SECONDS, filmOfColours } from './film-of-colours.ts'
import { makeShowOf, SHOW } from './show-of-two.ts'

const LENGTH_SECONDS = colours.length * EACH_SECONDS
const [first, second] = ['Departure', 'The border'] as const
let folder: string
let home: FilmHome
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-show-'))
  const path = await filmOfColours('mkv')
  const other = join(folder, 'the-border.mkv')
  copyFileSync(path, other)
  const films = [
    { name: first, path },
    { name: second, path: other },
  ]
  home = await startFilmHome(await shareFilms(films))
  for (const { name } of films) await bringHome(home, name)
  makeShowOf(home, [first, second])
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  context = await openContext(browser, 'desktop')
  page = await context.newPage()
  await signInInPage(page, home.origin, new RegExp(SHOW))
})

afterEach(() => context?.close())

const idOf = (name: string) => home.titleIds.get(name) ?? 'none'
const watching = (name: string) => page.waitForURL(new RegExp(`/watch/${idOf(name)}`))
const offered = () => page.getByRole('region', { name: 'Next episode' })

async function watch(name: string): Promise<void> {
  await page.goto(`${home.origin}/title/${idOf(name)}`)
  await page.getByRole('link', { name: /^(Play|Resume)/ }).waitFor()
  await page.goto(`${home.origin}/watch/${idOf(name)}?from=start`)
  await waitUntilPlaying(page)
}
const seekTo = (seconds: number) =>
  page.evaluate((to) => {
    const video = document.querySelector('video')
    if (video) video.currentTime = to
  }, seconds)

it('is offered near the end and played by Enter, in full screen still; Back leads to where watching began', async () => {
  await watch(first)
  expect(await offered().count()).toBe(0)
  await page.keyboard.press('f')
  await page.waitForFunction(() => document.fullscreenElement !== null)
  await seekTo(LENGTH_SECONDS - 5)
  await offered().getByText(`Next: S1 E2 · ${second}`).waitFor()
  await page.keyboard.press('k')
  await page.locator('[data-state="paused"]').waitFor()
  await shoot(page, 'next-offered')
  await page.keyboard.press('Enter')
  await watching(second)
  await waitUntilPlaying(page)
  expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
  // The last of its show offers nothing.
  await seekTo(LENGTH_SECONDS - 3)
  await page.getByText('The end', { exact: true }).waitFor()
  expect(await offered().count()).toBe(0)
  await page.goBack()
  await page.getByRole('link', { name: /^(Play|Resume)/ }).waitFor()
  expect(page.url()).toContain(`/title/${idOf(first)}`)
  expect(await page.evaluate(() => document.fullscreenElement)).toBeNull()
})

it('begins by itself when the episode is over, and the one before is watched', async () => {
  await watch(first)
  await seekTo(LENGTH_SECONDS - 2)
  await page.locator('[data-state="ended"]').waitFor()
  await offered()
    .getByText(/^It begins in \d+ seconds?\.$/)
    .waitFor()
  await shoot(page, 'next-counting')
  // The focus is where Enter plays, and the arrows of a remote control move it.
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  expect(await focused()).toBe('Play now')
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toBe('Not now')
  await watching(second)
  await waitUntilPlaying(page)
  expect(await currentSeconds(page)).toBeLessThan(LENGTH_SECONDS / 2)
  await expect
    .poll(async () => (await home.client.call('GET', `/api/history/marks/${idOf(first)}`)).json())
    .toEqual({ watched: 1, of: 1 })
})

it('stays when somebody says not now, and can still be played from there', async () => {
  await watch(first)
  await seekTo(LENGTH_SECONDS - 2)
  await offered().getByRole('button', { name: 'Not now' }).waitFor()
  await page.locator('[data-state="ended"]').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('The end', { exact: true }).waitFor()
  expect(await offered().count()).toBe(0)
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Play it')
  await shoot(page, 'next-refused')
  await page.getByRole('button', { name: 'Play it' }).click()
  await watching(second)
  await waitUntilPlaying(page)
})
