/** Trakt in a real browser: connect by a code, look at the dry run, import, watch the history, disconnect. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser, openContext } from './browser.ts'
import { person, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { shoot } from './shoot.ts'
import type { StandIn } from './upstreams/stand-in.ts'
import { startTrakt, TRAKT_CLIENT } from './upstreams/trakt.ts'
import { episodes, films, show } from './upstreams/trakt-catalog.ts'

const slug = 'ada-watches'
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
/** What the history calls the day of three hours ago: before three in the morning that is another one. */
const dayOfTheLast = () => (new Date(hoursAgo(3)).getDate() === new Date().getDate() ? 'Today' : 'Yesterday')
const [bunny, sintel, steel, night, nosferatu] = films

let trakt: StandIn
let home: TestHome
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  trakt = await startTrakt()
  const { id: TRAKT_CLIENT_ID, secret: TRAKT_CLIENT_SECRET } = TRAKT_CLIENT
  const edgeSettings = { TRAKT_URL: trakt.origin, TRAKT_CLIENT_ID, TRAKT_CLIENT_SECRET, LOCAL_UPSTREAMS: 'on' }
  home = await startTestHome({ demo: false, edgeSettings })
  await setUp(home.origin, home.setupUrl)
  browser = await launchBrowser()
  context = await openContext(browser, 'phone')
  page = await context.newPage()
  page.setDefaultTimeout(20_000)
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
  await trakt?.close()
})

const order = async <Answer>(path: string, json: object): Promise<Answer> => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${trakt.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(json) })
  return (response.status === 204 ? undefined : await response.json()) as Answer
}
const button = (name: string) => page.getByRole('button', { name, exact: true })

it('is connected by a code that is typed in over there', async () => {
  await order('/stand-in/library', {
    slug,
    history: [
      { id: 3, watched_at: hoursAgo(3), type: 'movie', movie: sintel },
      { id: 2, watched_at: hoursAgo(30), type: 'episode', episode: episodes[1], show },
      { id: 1, watched_at: hoursAgo(31), type: 'episode', episode: episodes[0], show },
      { id: 4, watched_at: hoursAgo(400), type: 'movie', movie: nosferatu },
    ],
    playback: [{ id: 9, progress: 40, paused_at: hoursAgo(1), type: 'movie', movie: steel }],
    ratings: [{ rating: 8, rated_at: hoursAgo(3), type: 'movie', movie: bunny }],
    watchlist: [{ rank: 1, listed_at: hoursAgo(50), type: 'movie', movie: night }],
  })
  await page.goto(`${home.origin}/sign-in?next=%2Faccount%2Ftrakt`)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await button('Sign in').click()
  await button('Connect Trakt').click()
  const code = await page.getByTestId('way-code').textContent()
  await order('/stand-in/device', { user_code: code, state: 'approved', slug })
  await page.getByText(`Connected as ${slug}.`).waitFor()
  await shoot(page, 'trakt-connected')
})

it('shows what an import would do, and does nothing until it is asked to', async () => {
  await button('Look what would happen').click()
  await page.getByText('4 viewings come here').waitFor()
  await page.getByRole('button', { name: 'Import and keep alike' }).and(page.locator(':enabled')).waitFor()
  await shoot(page, 'trakt-dry-run')
  await page.keyboard.press('Escape')
  await page.goto(`${home.origin}/history`)
  await page.getByText('Nothing yet.').waitFor()
  expect((await order<{ calls: unknown[] }>('/stand-in/library', { slug })).calls).toEqual([])
})

it('imports when it is asked to, and the history is there, day by day', async () => {
  await page.goto(`${home.origin}/account/trakt`)
  await button('Look what would happen').click()
  await button('Import and keep alike').click()
  await page.getByText('Alike since').waitFor()
  await page.getByText('Today,').waitFor()
  await shoot(page, 'trakt-synced')
  await page.goto(`${home.origin}/history`)
  await page.getByRole('heading', { name: dayOfTheLast() }).waitFor()
  await page.getByText('Season 1, episode 2').waitFor()
  expect(await page.getByRole('listitem').filter({ hasText: 'From Trakt' }).count()).toBe(4)
  await shoot(page, 'history')
})

it('takes a viewing out, there too', async () => {
  await button('Take Nosferatu out').click()
  await button('Take Nosferatu out').waitFor({ state: 'detached' })
  await expect
    .poll(async () => (await order<{ history: unknown[] }>('/stand-in/library', { slug })).history.length, {
      timeout: 20_000,
    })
    .toBe(3)
})

it('says so when Trakt no longer lets us in, and goes on once it is connected again', async () => {
  await order('/stand-in/forget', { slug })
  await page.goto(`${home.origin}/account/trakt`)
  await button('Sync now').click()
  await page.getByText('Trakt no longer lets us in').waitFor()
  await page.reload()
  await button('Connect again').waitFor()
  await shoot(page, 'trakt-signed-out')
  await button('Connect again').click()
  const code = await page.getByTestId('way-code').textContent()
  await order('/stand-in/device', { user_code: code, state: 'approved', slug })
  await page.getByText(`Connected as ${slug}.`).waitFor()
})

it('is disconnected by a press, and what was watched stays', async () => {
  await button('Disconnect').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click()
  await button('Connect Trakt').waitFor()
  await page.goto(`${home.origin}/history`)
  await page.getByText('Season 1, episode 2').waitFor()
})
