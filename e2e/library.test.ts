/** The front page, lists, and who watches, as a person uses them; with a child who sees only what is for their age. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { launchBrowser, openContext } from './browser.ts'
import { type EdgeClient, person, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { shoot } from './shoot.ts'
import type { StandIn } from './upstreams/stand-in.ts'
import { startTmdb, TMDB_TOKEN } from './upstreams/tmdb.ts'

let tmdb: StandIn
let home: TestHome
let browser: Browser
let context: BrowserContext
let page: Page
let ada: EdgeClient

beforeAll(async () => {
  tmdb = await startTmdb()
  home = await startTestHome({
    demo: false,
    edgeSettings: { TMDB_URL: `${tmdb.origin}/3`, TMDB_PICTURES_URL: `${tmdb.origin}/t/p/`, TMDB_TOKEN },
  })
  ada = await setUp(home.origin, home.setupUrl)
  browser = await launchBrowser()
  context = await openContext(browser, 'phone')
  page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${home.origin}/sign-in`)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'At home' }).waitFor()
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
  await tmdb?.close()
})

const row = (name: string) => page.getByRole('region', { name })
const titlesOf = (name: string) => row(name).getByRole('heading', { level: 3 }).allTextContents()

describe('the front page', () => {
  it('shows what is at home, and only rows that hold something', async () => {
    expect(await titlesOf('At home')).toContain('Sintel')
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).not.toContain('Watchlist')
    await shoot(page, 'front-page-new')
  })

  it('goes on with what was begun, and has a row for the watchlist', async () => {
    const progress = { positionSeconds: 120, durationSeconds: 888, watchedAtMs: Date.now() }
    expect((await ada.call('PUT', '/api/progress/sintel-2010', progress)).ok).toBe(true)
    for (const name of ['Big Buck Bunny', 'Sintel']) {
      await page.goto(home.origin)
      await row('At home').getByRole('link', { name }).click()
      await page.getByRole('button', { name: 'Watchlist' }).click()
      await page.getByRole('button', { name: 'On the watchlist' }).waitFor()
    }
    await shoot(page, 'title-page')
    await page.goto(home.origin)
    await row('Continue watching').getByRole('link', { name: 'Resume Sintel from 2:00' }).waitFor()
    expect(await titlesOf('Watchlist')).toEqual(['Sintel', 'Big Buck Bunny'])
    await shoot(page, 'front-page')
  })
})

describe('a rating', () => {
  it('is given by a press and by the keyboard, is there after a reload, and is taken back', async () => {
    await page.goto(`${home.origin}/title/sintel-2010`)
    const rating = page.getByRole('group', { name: 'Your rating' })
    const shown = () => page.getByText(/^\d+ of 10/)
    const stored = async () => (await ada.call('GET', '/api/ratings/sintel-2010')).json()
    await page.getByText('How was it?').waitFor()
    await rating.getByRole('radio', { name: '8 stars' }).locator('..').click()
    await shown().filter({ hasText: '8 of 10' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await shown().filter({ hasText: '9 of 10' }).waitFor()
    await expect.poll(stored).toMatchObject({ stars: 9 })
    await page.reload()
    await rating.getByRole('radio', { name: '9 stars', checked: true }).waitFor()
    await shoot(page, 'rated')
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('How was it?').waitFor()
    await expect.poll(stored).toBeNull()
  })
})

describe('a list', () => {
  it('is made on a film’s own page, put in order, shared and removed', async () => {
    await page.goto(`${home.origin}/title/sintel-2010`)
    await page.getByRole('button', { name: 'Lists' }).click()
    await page.getByLabel('A new list').fill('Rainy days')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('checkbox', { name: 'Rainy days', checked: true }).waitFor()
    await shoot(page, 'list-choice')
    await page.goto(`${home.origin}/title/big-buck-bunny-2008`)
    await page.getByRole('button', { name: 'Lists' }).click()
    await page.getByRole('checkbox', { name: 'Rainy days' }).click()
    await page.getByRole('checkbox', { name: 'Rainy days', checked: true }).waitFor()
    await page.keyboard.press('Escape')
    // The focus is where it was before the dialog.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Lists')
    await page.goto(`${home.origin}/lists`)
    await page.getByRole('link', { name: 'Open Rainy days' }).waitFor()
    await shoot(page, 'lists')
    await page.getByRole('link', { name: 'Open Rainy days' }).click()
    await page.getByRole('button', { name: 'Change the order' }).click()
    await shoot(page, 'list-order')
    await page.getByRole('button', { name: 'Move Sintel up' }).click()
    const order = () =>
      page.getByRole('list', { name: 'Titles in their order' }).locator('p.font-medium').allTextContents()
    await expect.poll(order, { timeout: 10_000 }).toEqual(['Sintel', 'Big Buck Bunny'])
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Share with the household' }).click()
    await page.getByRole('button', { name: 'Keep it to myself' }).waitFor()
    await shoot(page, 'list')
    await page.getByRole('button', { name: 'Remove this list' }).click()
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.getByRole('heading', { name: 'At home' }).waitFor()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).not.toContain('Rainy days')
    await page.getByRole('button', { name: /Account of/ }).click()
    await page.getByRole('link', { name: 'Lists' }).click()
    await page.getByRole('link', { name: 'Open Watchlist' }).waitFor()
    await page.getByRole('link', { name: 'Open Rainy days' }).waitFor({ state: 'detached' })
  })

  it('says so when there is none', async () => {
    await page.goto(`${home.origin}/list/no-such-list`)
    await page.getByRole('alert').waitFor()
    await shoot(page, 'list-none')
  })
})

describe('search', () => {
  it('finds what is at home as it is typed, misspelt too', async () => {
    await page.goto(home.origin)
    await page.getByRole('link', { name: 'Search' }).click()
    await page.getByRole('searchbox').pressSequentially('sinte', { delay: 40 })
    await page.getByRole('region', { name: 'What was found' }).getByRole('heading', { name: 'Sintel' }).waitFor()
    await page.getByRole('searchbox').fill('bick buck buny')
    await page.getByRole('heading', { name: 'Big Buck Bunny' }).waitFor()
    await shoot(page, 'search-misspelt')
    await page.getByRole('searchbox').fill('zzzzzz')
    await page.getByText('Nothing is called that.').waitFor()
    await shoot(page, 'search-nothing')
  })

  it('leaves the caret where it is, also when a letter is put in the middle', async () => {
    const field = page.getByRole('searchbox')
    await field.fill('sitel')
    for (let i = 0; i < 3; i++) await field.press('ArrowLeft')
    await field.pressSequentially('nx')
    expect(await field.inputValue()).toBe('sinxtel')
    await page.waitForURL(/q=sinxtel/)
    expect(await field.inputValue()).toBe('sinxtel')
  })

  it('finds what TMDB knows besides, keeps what led to a film, and finds it again on the way back', async () => {
    await page.getByRole('searchbox').fill('the silent lantern')
    await page
      .getByRole('heading', { name: /Silent Lantern, the series/ })
      .first()
      .waitFor()
    await page.getByText('not endorsed or certified by TMDB').waitFor()
    await shoot(page, 'search')
    await page
      .getByRole('heading', { name: /Silent Lantern, the series/ })
      .first()
      .click()
    await page.getByRole('region', { name: 'Seasons' }).waitFor()
    await page.getByRole('region', { name: 'Cast' }).waitFor()
    await shoot(page, 'show')
    await page.getByRole('region', { name: 'Seasons' }).getByRole('link').first().click()
    await page.getByRole('region', { name: 'Episodes' }).getByRole('link').first().waitFor()
    await shoot(page, 'season')
    await page.goBack()
    await page.goBack()
    await page
      .getByRole('heading', { name: /Silent Lantern, the series/ })
      .first()
      .waitFor()
    await page.goto(`${home.origin}/search`)
    await page.getByRole('button', { name: 'the silent lantern' }).waitFor()
    await page.getByRole('button', { name: 'Forget them' }).click()
    await page.getByRole('button', { name: 'the silent lantern' }).waitFor({ state: 'detached' })
  })
})

describe('a poster', () => {
  it('is seen out of focus until it is there', async () => {
    // Known from the search, and opened there.
    const Card = z.object({ results: z.array(z.object({ id: z.string() })) })
    const search = () => ada.call('GET', '/api/search?q=silent%20lantern')
    const id = Card.parse(await (await search()).json()).results[0]?.id ?? 'none'
    const hashOf = async () => (await (await ada.call('GET', `/api/titles/${id}`)).json()) as { posterHash: unknown }
    await expect.poll(async () => (await hashOf()).posterHash, { timeout: 20_000 }).toEqual(expect.any(String))
    // Its picture is on its way for ever.
    await page.route('https://image.tmdb.org/**', () => undefined)
    await page.goto(`${home.origin}/title/${id}`, { waitUntil: 'commit' })
    const picture = page.locator('img[style*="data:image/bmp"]').first()
    await picture.waitFor()
    const isDrawn = await picture.evaluate(async (img) => {
      const shown = new Image()
      shown.src = /url\("(.+)"\)/.exec((img as HTMLElement).style.backgroundImage)?.[1] ?? ''
      await shown.decode()
      return shown.naturalHeight > shown.naturalWidth
    })
    expect(isDrawn).toBe(true)
    await shoot(page, 'poster-out-of-focus')
    await page.unroute('https://image.tmdb.org/**')
  })
})

describe('upkeep', () => {
  it('tells an admin what was remembered of what others said', async () => {
    await page.goto(home.origin)
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('link', { name: 'Upkeep' }).click()
    const memory = page.getByRole('row', { name: /^Memory \d+ \d+/ })
    await memory.waitFor()
    // The searches before asked it.
    expect(await memory.getByRole('cell').allTextContents()).not.toEqual(['0', '0', '–'])
    await shoot(page, 'upkeep')
  })

  it('shows the background work, and runs a task when it is told to', async () => {
    const run = page.getByRole('button', { name: 'Run clean up now' })
    await run.click()
    const task = page.getByRole('listitem').filter({ has: run })
    await task.getByText(/every hour · last at \d\d:\d\d, done in/).waitFor()
    await task.getByRole('button', { name: 'Last runs of clean up' }).click()
    await task.getByRole('list', { name: 'Last runs of clean up' }).getByText('done in').first().waitFor()
    await task.getByRole('button', { name: 'Pause clean up' }).click()
    await task.getByText('Paused').waitFor()
    await task.getByRole('button', { name: 'Go on with clean up' }).click()
    await task.getByText('Paused').waitFor({ state: 'detached' })
    await shoot(page, 'upkeep-tasks')
  })
})

describe('the API', () => {
  it('has a page that people read', async () => {
    await page.goto(`${home.origin}/api/docs`)
    const route = page.getByRole('group').filter({ hasText: '/api/front-page' })
    await route.getByText('what to go on with').first().click()
    await route.getByText('continueWatching').waitFor()
    await shoot(page, 'api-docs')
  })
})

describe('a child', () => {
  it('watches as a profile of their own, sees what is for their age, and leaves only with a proof', async () => {
    for (const profile of [
      { name: 'Mia', avatar: 'cat', language: 'en', ratingCap: 6, pin: null },
      { name: 'Papa', avatar: 'boat', language: 'en', ratingCap: null, pin: '2580' },
    ]) {
      expect((await ada.call('POST', '/api/me/profiles', profile)).ok).toBe(true)
    }
    await page.goto(home.origin)
    await page.getByRole('button', { name: /^Account of/ }).click()
    await shoot(page, 'who-watches')
    await page.getByRole('button', { name: 'Mia' }).click()
    await page.getByRole('button', { name: 'Account of Mia' }).waitFor()
    await page.getByText('Big Buck Bunny').first().waitFor()
    await shoot(page, 'front-page-child')
    expect(await page.getByText('Sintel').count()).toBe(0)
    expect(await page.getByRole('region', { name: 'Continue watching' }).count()).toBe(0)
    await page.goto(`${home.origin}/title/sintel-2010`)
    await page.getByRole('alert').waitFor()
    await page.goto(home.origin)
    await page.getByRole('button', { name: 'Account of Mia' }).click()
    expect(await page.getByRole('link', { name: 'Your account' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Papa' }).click()
    await page.getByRole('textbox', { name: 'PIN' }).fill('1111')
    await page.getByRole('button', { name: 'Watch as Papa' }).click()
    await page.getByText('That is not the PIN.').waitFor()
    await shoot(page, 'pin-wrong')
    await page.getByRole('textbox', { name: 'PIN' }).fill('2580')
    await page.getByRole('button', { name: 'Watch as Papa' }).click()
    await page.getByRole('button', { name: 'Account of Papa' }).waitFor()
    await page.getByText('Sintel').first().waitFor()
  })
})
