/** From where films come: the operator sets the places that a box asks, says the lawful word, and makes a rule. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startArchive } from '../node-agent/testing/upstreams/archive.ts'
import { INDEX_KEY, startTorznab } from '../node-agent/testing/upstreams/indexes.ts'
import { launchBrowser, openContext } from './browser.ts'
import { type EdgeClient, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { shoot } from './shoot.ts'
import { signInInPage } from './viewer.ts'

let home: TestHome
let ada: EdgeClient
let browser: Browser
let page: Page

beforeAll(async () => {
  // The archive is on as it ships; its address is set in the page, before anything is looked for.
  home = await startTestHome({ demo: false, agentEnv: { SOURCE_INTERNET_ARCHIVE_ENABLED: '' } })
  ada = await setUp(home.origin, home.setupUrl)
  browser = await launchBrowser()
  page = await (await openContext(browser, 'desktop')).newPage()
  page.setDefaultTimeout(30_000)
  await signInInPage(page, home.origin, /Sintel/)
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
})

const dialog = () => page.getByRole('dialog')
const save = async () => {
  await dialog().getByRole('button', { name: 'Save' }).click()
  await dialog().waitFor({ state: 'hidden' })
}

it('a place is set by the form that the box describes, and an index is switched on only with the lawful word', async () => {
  const archive = await startArchive([])
  const index = await startTorznab()

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
})

async function lawfulWord(): Promise<unknown> {
  const answer = await (await ada.call('GET', '/api/household/lawful-use')).json()
  return (answer as { confirmedAt: unknown }).confirmedAt
}
