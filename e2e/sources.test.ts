/** From where films come: places switched on by the operator, films found there, copies shown, one chosen, and it plays. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { Offers } from '#protocol/source.ts'
import { makeFilm } from '../node-agent/testing/make-film.ts'
import { type ArchiveItem, startArchive } from '../node-agent/testing/upstreams/archive.ts'
import { hashOfLetter, INDEX_KEY, startTorznab } from '../node-agent/testing/upstreams/indexes.ts'
import type { StandInServer } from '../node-agent/testing/upstreams/stand-in-server.ts'
import { launchBrowser, openContext } from './browser.ts'
import { type EdgeClient, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { type SharedFilms, shareFilms } from './share-films.ts'
import { shoot } from './shoot.ts'
import { currentSeconds, signInInPage, waitUntilSecond } from './viewer.ts'

const SINTEL = { id: 'sintel-2010', tmdbId: '45745' }
const TEARS = 'tears-of-steel-2012'
const BUNNY = 'big-buck-bunny-2008'

const atTheArchive = (identifier: string, title: string, year: string, length: string): ArchiveItem => ({
  ...{ identifier, title, year },
  files: [
    { name: 'film.mp4', format: 'h.264', size: '129000000', length, height: '720' },
    { name: `${identifier}_archive.torrent`, format: 'Archive BitTorrent', size: '41000' },
  ],
})
const items = [
  atTheArchive('sintel_open_film', 'Sintel', '2010', '888'),
  atTheArchive('tears_of_steel', 'Tears of Steel', '2012', '734'),
]

/** The index has one copy of Sintel, filmed in a cinema and shared by many, and of nothing else. */
const feedOf = (words: URLSearchParams) =>
  `<rss><channel>${
    words.get('tmdbid') === SINTEL.tmdbId
      ? `<item><title>Sintel.2010.CAM.x264-GRP</title><size>700000000</size>
       <torznab:attr name="infohash" value="${hashOfLetter('c')}"/><torznab:attr name="seeders" value="900"/></item>`
      : ''
  }</channel></rss>`

const Found = z.object({ results: z.array(z.object({ id: z.string(), name: z.string() })) })
const Choices = z.object({ sources: z.array(z.object({ provider: z.string() })) })

let home: TestHome
let ada: EdgeClient
let shared: SharedFilms
/** The operator's own films. */
let shelf: string
let browser: Browser
let page: Page

beforeAll(async () => {
  const path = await makeFilm('by-hand.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=12:duration=30'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '12', '-movflags', '+faststart'],
  ])
  shared = await shareFilms([{ name: 'By hand', path }])
  // The archive is on as it ships; its address is set in the page, before anything is looked for.
  shelf = mkdtempSync(join(tmpdir(), 'porchlight-shelf-'))
  cpSync(path, join(shelf, 'Big Buck Bunny (2008).mp4'))
  cpSync(path, join(shelf, 'Our birthday 2015.mp4'))
  const agentEnv = { SOURCE_INTERNET_ARCHIVE_ENABLED: '', SOURCE_FOLDERS_PATHS: shelf }
  home = await startTestHome({ demo: false, agentEnv })
  ada = await setUp(home.origin, home.setupUrl)
  browser = await launchBrowser()
  page = await (await openContext(browser, 'desktop')).newPage()
  page.setDefaultTimeout(30_000)
  await signInInPage(page, home.origin, /Sintel/)
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
  await shared?.stop()
  if (shelf) rmSync(shelf, { recursive: true, force: true })
})

/** As the operator would paste it from elsewhere: where its peer is stands in it. */
function magnetOfShared(): string {
  const { offers } = Offers.parse(JSON.parse(readFileSync(shared.catalogFile, 'utf8')))
  return offers[0]?.source.magnet ?? ''
}

const dialog = () => page.getByRole('dialog')
const save = async () => {
  await dialog().getByRole('button', { name: 'Save' }).click()
  await dialog().waitFor({ state: 'hidden' })
}
const copy = (provider: string) => page.locator(`li[data-provider="${provider}"]`)
const searchesOf = (archive: StandInServer) => archive.asked.filter((path) => path.startsWith('/advancedsearch.php'))

it('places are switched on with the lawful word, films found there, a copy is added by hand, and it plays', async () => {
  const archive = await startArchive(items)
  const index = await startTorznab('modern', (question, words) => (question === 'movie' ? feedOf(words) : undefined))

  await page.goto(`${home.origin}/sources`)
  await page.getByRole('button', { name: 'Set up Internet Archive' }).click()
  await dialog().getByLabel('Address (optional)').fill(archive.origin)
  await save()
  await page.getByText(new URL(archive.origin).host).waitFor()

  await page.getByRole('button', { name: 'Set up Torznab index' }).click()
  await dialog().getByLabel('Ask Torznab index').check()
  await dialog().getByLabel('Address', { exact: true }).fill(`${index.origin}/api`)
  await dialog()
    .getByLabel(/^API key/)
    .fill(INDEX_KEY)
  await shoot(page, 'provider')
  // Not without the word: the browser asks for it, and nothing is sent.
  await dialog().getByRole('button', { name: 'Save' }).click()
  expect(await lawfulWord()).toBeNull()
  await dialog()
    .getByLabel(/lawfully fetch/)
    .check()
  await save()
  expect(await lawfulWord()).toEqual(expect.any(Number))
  await page.getByText(new URL(index.origin).host).waitFor()
  await page.getByRole('button', { name: 'Set up Torznab index' }).click()
  await dialog().getByPlaceholder('Set. Type to replace it.').waitFor()
  expect(await page.content()).not.toContain(INDEX_KEY)
  await dialog().getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Add the rule' }).click()
  await page.getByText(/^Never play: filmed in a cinema/).waitFor()
  await shoot(page, 'sources')

  // By itself: the box takes from the edge what somebody means to watch, asks, and tells what it found.
  const listed = await ada.call('PUT', `/api/lists/watchlist/titles/${TEARS}`, { after: null })
  expect(listed.status).toBe(204)
  await page.goto(`${home.origin}/upkeep`)
  const ofBox = page.getByRole('region', { name: /^Background work of/ })
  await ofBox.getByRole('button', { name: 'Run search ahead now' }).click()
  await expect
    .poll(() => sourcesOf(TEARS), { timeout: 60_000, interval: 300 })
    .toEqual(['internet-archive', 'open-films'])
  expect(searchesOf(archive)).toHaveLength(1)
  await ofBox.getByRole('button', { name: 'Run tell own films now' }).click()
  await expect.poll(() => sourcesOf(BUNNY), { timeout: 80_000, interval: 300 }).toContain('folders')
  await ofBox.getByRole('button', { name: 'Last runs of search ahead' }).click()
  await ofBox.getByRole('list', { name: 'Last runs of search ahead' }).getByText('done in').waitFor()
  await ofBox.getByRole('button', { name: 'Pause search ahead' }).click()
  await ofBox.getByRole('button', { name: 'Go on with search ahead' }).waitFor()
  await shoot(page, 'tasks-of-a-box')

  // A film that no catalog has is listed as such, and gets a title of its own from which it can be had.
  await page.goto(`${home.origin}/sources`)
  await page.getByText('2 files: 1 found in the catalog, 1 not.').waitFor()
  await page.getByText('No film called “our birthday” of 2015 is in the catalog.').waitFor()
  await shoot(page, 'own-films')
  await page.getByRole('button', { name: 'Say what Our birthday 2015.mp4 is' }).click()
  await dialog().getByText('The catalog has nothing of that name.').waitFor()
  await dialog().getByText('It is in no catalog').click()
  await shoot(page, 'own-film')
  await dialog().getByRole('button', { name: 'Add it' }).click()
  await dialog().waitFor({ state: 'hidden' })
  await page.getByLabel(/^Which of the films/).selectOption('Decided by you')
  await page.getByText('You said: Our birthday (2015).').waitFor()
  const birthday = await titleCalled('Our birthday')
  await expect.poll(() => sourcesOf(birthday), { timeout: 60_000, interval: 300 }).toEqual(['folders'])

  // What is found for a page that is open stands on it without a reload.
  await page.goto(`${home.origin}/title/${SINTEL.id}`)
  await page.getByText('The 3 copies').click()
  await copy('torznab')
    .getByText(/not wanted in this household.*many share it/)
    .waitFor()
  expect(searchesOf(archive)).toHaveLength(2)
  await page.getByRole('button', { name: 'Add a source' }).click()
  await dialog().getByLabel('Magnet link').fill(magnetOfShared())
  await shoot(page, 'add-a-source')
  await dialog().getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('The 4 copies').waitFor()
  await copy('internet-archive')
    .getByText(/HD.*starts at once/)
    .waitFor()
  expect(await page.locator('li[data-provider]').last().getAttribute('data-provider')).toBe('torznab')
  await shoot(page, 'copies')

  await copy('operator').getByRole('link', { name: 'Play this copy' }).click()
  await waitUntilSecond(page, 1)
  const before = await currentSeconds(page)
  await waitUntilSecond(page, before + 1)
  const { width, height } = await page.evaluate(() => {
    const video = document.querySelector('video')
    return { width: video?.videoWidth, height: video?.videoHeight }
  })
  // The copy that was chosen, not the one of 720 lines that Play would begin with.
  expect([width, height]).toEqual([320, 180])
  await page.goBack()
  await page.getByRole('button', { name: /^Remove the copy added by hand/ }).click()
  await page.getByText('The 3 copies').waitFor()
})

/** Who told of each copy of a title, best first. */
async function sourcesOf(titleId: string): Promise<string[]> {
  const { sources } = Choices.parse(await (await ada.call('POST', '/api/streams/choices', { titleId })).json())
  return sources.map(({ provider }) => provider)
}

async function titleCalled(name: string): Promise<string> {
  const answer = await ada.call('GET', `/api/search?scope=known&q=${encodeURIComponent(name)}`)
  const { results } = Found.parse(await answer.json())
  return results.find((title) => title.name === name)?.id ?? ''
}

async function lawfulWord(): Promise<unknown> {
  const answer = await (await ada.call('GET', '/api/household/lawful-use')).json()
  return (answer as { confirmedAt: unknown }).confirmedAt
}
