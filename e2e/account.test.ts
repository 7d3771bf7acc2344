/** A person and their account: links in letters, a new password, two people in one browser, taking everything, leaving. */
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { launchBrowser, openContext } from './browser.ts'
import { type EdgeClient, person, post, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { linkInLetter } from './letters.ts'
import { shoot } from './shoot.ts'

const ben = { email: 'ben@example.org', displayName: 'Ben', password: 'seven paper boats at noon' }
const [secondPassword, thirdPassword] = ['nine copper kettles in march', 'two blue ladders by the gate']

let home: TestHome
let browser: Browser
let context: BrowserContext
let page: Page
let ada: EdgeClient

beforeAll(async () => {
  home = await startTestHome({ demo: false })
  ada = await setUp(home.origin, home.setupUrl)
  const made = await ada.call('POST', '/api/invites', { role: 'user', expiresInSeconds: 86_400 })
  const { link } = z.object({ link: z.string() }).parse(await made.json())
  const secret = new URL(link).hash.slice(1)
  expect((await post(`${home.origin}/api/auth/invites/accept`, home.origin, { secret, ...ben })).ok).toBe(true)
  browser = await launchBrowser()
  context = await openContext(browser, 'phone')
  page = await newPage(context)
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
})

describe('links in letters', () => {
  it('confirm an address by a press', async () => {
    await signIn(page, ben.email, ben.password)
    await page.goto(`${home.origin}/account/you`)
    await page.getByText('Not confirmed').waitFor()
    await page.getByRole('button', { name: 'Send the letter again' }).click()
    await page.getByText('A letter is on its way.').waitFor()
    await page.goto(await letter(ben.email, 'verify-email'))
    await page.getByRole('heading', { name: 'Confirm your email' }).waitFor()
    await shoot(page, 'verify-email')
    expect(page.url()).not.toContain('#')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: 'Your email is confirmed' }).waitFor()
    await page.goto(`${home.origin}/account/you`)
    await page.getByText('Confirmed', { exact: true }).waitFor()
  })

  it('set a new password once, and sign out everywhere', async () => {
    const elsewhere = await openContext(browser, 'desktop')
    const door = await newPage(elsewhere)
    await door.goto(`${home.origin}/sign-in`)
    await door.getByRole('link', { name: 'I forgot my password' }).click()
    await door.getByText('is written into the log').waitFor()
    await door.getByLabel('Email').fill(ben.email)
    await door.getByRole('button', { name: 'Send the link' }).click()
    await door.getByText(`If ${ben.email} belongs to an account here`).waitFor()
    await shoot(door, 'forgot-password')
    const link = await letter(ben.email, 'reset-password')
    for (const words of ['Your password is new', 'This link or code is no longer good.']) {
      await door.goto('about:blank')
      await door.goto(link)
      await door.getByLabel('New password').fill(secondPassword)
      await door.getByRole('button', { name: 'Set the password' }).click()
      await door.getByText(words).waitFor()
    }
    await expectSignedOut(page)
    await signIn(door, ben.email, secondPassword)
    await elsewhere.close()
  })

  it('say nothing of whether an address belongs to anybody', async () => {
    await page.goto(`${home.origin}/forgot-password`)
    await page.getByLabel('Email').fill('nobody@example.org')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('If nobody@example.org belongs to an account here').waitFor()
    expect(linkInLetter(home, 'nobody@example.org', 'reset-password')).toBeUndefined()
  })
})

it('changes a password, which signs the other devices out and not this one', async () => {
  const elsewhere = await openContext(browser, 'desktop')
  const other = await newPage(elsewhere)
  await signIn(other, ben.email, secondPassword)
  await signIn(page, ben.email, secondPassword)
  await page.goto(`${home.origin}/account/security`)
  await page.getByRole('button', { name: 'Change it' }).click()
  await page.getByLabel('Password now').fill('not the one of now')
  await page.getByLabel('New password').fill(thirdPassword)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('That is not your password now.').waitFor()
  await page.getByLabel('Password now').fill(secondPassword)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByText('Your password is new.').waitFor()
  await expectSignedOut(other)
  await page.goto(`${home.origin}/account/devices`)
  await page.getByText('This device').waitFor()
  await elsewhere.close()
})

it('goes from one person to another in one browser without typing', async () => {
  await openMenu(page)
  await page.getByRole('link', { name: 'Somebody else' }).click()
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Account of Ada' }).waitFor()
  await openMenu(page)
  await shoot(page, 'picker')
  await page.getByRole('button', { name: 'Go on as Ben' }).click()
  await page.getByRole('button', { name: 'Account of Ben' }).waitFor()
  // A reload stays with whoever was chosen.
  await page.reload()
  await page.getByRole('button', { name: 'Account of Ben' }).waitFor()
  await page.goto(`${home.origin}/people`)
  await page.getByText('This is not open to you.').waitFor()
})

it('gives everything about a person on a screen that has proved who it is', async () => {
  const living = await openContext(browser, 'desktop')
  const television = await newPage(living)
  await television.goto(`${home.origin}/television`)
  const code = (await television.getByTestId('tv-code').textContent()) ?? ''
  await page.goto(`${home.origin}/tv?code=${code}`)
  await page.getByRole('button', { name: 'Let it in' }).click()
  await television.getByTestId('home-lamp').waitFor()
  await television.goto(`${home.origin}/account/you`)
  await television.getByRole('button', { name: 'Save my data' }).click()
  const dialog = television.getByRole('dialog')
  await dialog.getByLabel('Password', { exact: true }).fill('not the right password')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await dialog.getByText('That is not the password.').waitFor()
  await dialog.getByLabel('Password', { exact: true }).fill(thirdPassword)
  const downloading = television.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  const saved = readFileSync(await (await downloading).path(), 'utf8')
  expect(JSON.parse(saved)).toBeTypeOf('object')
  expect(saved).toContain(ben.email)
  expect(saved).not.toContain(person.email)
  expect(saved).not.toContain('scrypt')
  await living.close()
})

it('erases an account after a week, unless the person signs in before', async () => {
  await page.goto(`${home.origin}/account/you`)
  await page.getByRole('button', { name: 'Erase my account' }).click()
  await shoot(page, 'erase')
  await page.getByRole('button', { name: 'Erase it' }).click()
  await page.getByText(/Your account will be erased on/).waitFor()
  await shoot(page, 'erased')
  await expect
    .poll(async () => (await people()).find(({ displayName }) => displayName === 'Ben')?.status)
    .toBe('erasing')
  await signIn(page, ben.email, thirdPassword)
  expect((await people()).find(({ displayName }) => displayName === 'Ben')?.status).toBe('active')
})

async function people() {
  const People = z.object({ people: z.array(z.object({ displayName: z.string(), status: z.string() })) })
  return People.parse(await (await ada.call('GET', '/api/people')).json()).people
}

async function newPage(where: BrowserContext): Promise<Page> {
  const made = await where.newPage()
  made.setDefaultTimeout(20_000)
  return made
}

async function letter(to: string, kind: 'reset-password' | 'verify-email'): Promise<string> {
  await expect.poll(() => linkInLetter(home, to, kind), { timeout: 20_000 }).toBeDefined()
  return linkInLetter(home, to, kind) ?? ''
}

async function signIn(where: Page, email: string, password: string): Promise<void> {
  await where.goto(`${home.origin}/sign-in`)
  await where.getByLabel('Email').fill(email)
  await where.getByLabel('Password', { exact: true }).fill(password)
  await where.getByRole('button', { name: 'Sign in', exact: true }).click()
  await where.getByTestId('home-lamp').waitFor()
}

const openMenu = (where: Page) => where.getByRole('button', { name: /^Account of/ }).click()

async function expectSignedOut(where: Page): Promise<void> {
  await where.goto(`${home.origin}/account/you`)
  await where.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
}
