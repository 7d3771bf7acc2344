import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openContext } from './browser.ts'
import { type CodeApp, switchOnCodeApp } from './code-app.ts'
import { person } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { shoot } from './shoot.ts'

const ben = { email: 'ben@example.org', displayName: 'Ben', password: 'seven paper boats at noon' }

describe('a household signs in', () => {
  let home: TestHome
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let codeApp: CodeApp

  beforeAll(async () => {
    home = await startTestHome({ demo: false })
    browser = await launchBrowser()
    context = await openContext(browser, 'phone')
    page = await context.newPage()
    page.setDefaultTimeout(20_000)
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
  })

  afterAll(async () => {
    await browser?.close()
    await home?.stop()
  })

  it('sets up, and puts a second lock on: a code app, with ten recovery codes shown once', async () => {
    await page.goto(`${home.setupUrl}`)
    await page.getByLabel('Your name').fill(person.displayName)
    await page.getByLabel('Email').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByText('Strong.').waitFor()
    await shoot(page, 'set-up')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: /A code app/ }).waitFor()
    await shoot(page, 'second-lock')
    codeApp = await switchOnCodeApp(page)
    expect(codeApp.recoveryCodes).toBe(10)
    await page.getByTestId('home-lamp').waitFor()
  })

  it('signs out, and in again with the password and a code', async () => {
    await signOut(page)
    await shoot(page, 'sign-in')
    await page.getByLabel('Email').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill('not the right password')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('do not match').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('Code from your app').fill('000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('alert').getByText('not the right one').waitFor()
    await shoot(page, 'second-factor')
    await page.getByLabel('Code from your app').fill(codeApp.nextCode())
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByTestId('home-lamp').waitFor()
  })

  it('adds a passkey, and signs in with nothing else', async () => {
    await openAccount(page, 'Locks')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByLabel('Name of the passkey').fill('The kitchen phone')
    await shoot(page, 'passkey-add')
    await page.getByRole('button', { name: 'Make the passkey' }).click()
    await page.getByText('The kitchen phone').waitFor()
    await shoot(page, 'locks')
    // The field offers it by itself, and the virtual thumb is always there. The button is pressed while that answer is
    // on its way: two ceremonies, one sign-in.
    let sent = 0
    const pressed = Promise.withResolvers<void>()
    await page.route('**/api/auth/passkeys/sign-in', async (route) => {
      sent++
      await pressed.promise
      await route.continue()
    })
    await signOut(page)
    await expect.poll(() => sent).toBe(1)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.waitForTimeout(1500)
    pressed.resolve()
    await page.getByTestId('home-lamp').waitFor()
    expect(sent).toBe(1)
    await page.unroute('**/api/auth/passkeys/sign-in')
  })

  it('invites a second person, who comes in in another browser', async () => {
    await openMenu(page, 'People')
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    await page.getByLabel('Who is it for?').fill('Ben next door')
    await shoot(page, 'invite')
    await page.getByRole('button', { name: 'Make the invite' }).click()
    const link = (await page.getByTestId('invite-link').textContent()) ?? ''
    await shoot(page, 'invite-link')
    await page.getByRole('button', { name: 'Done' }).click()
    const other = await openContext(browser, 'desktop')
    const theirs = await other.newPage()
    await theirs.goto(link)
    await theirs.getByText('Ada has left the light on for you').waitFor()
    expect(theirs.url()).not.toContain('#')
    await shoot(theirs, 'invited')
    await theirs.getByLabel('Your name').fill(ben.displayName)
    await theirs.getByLabel('Email').fill(ben.email)
    await theirs.getByLabel('Password', { exact: true }).fill(ben.password)
    await theirs.getByRole('button', { name: 'Come in' }).click()
    await theirs.getByTestId('home-lamp').waitFor()
    await theirs.goto(`${home.origin}/people`)
    await theirs.getByText('This is not open to you.').waitFor()
    await other.close()
    await page.reload()
    await page.getByRole('button', { name: 'Manage Ben' }).click()
    await page.getByRole('button', { name: /^End .* on / }).waitFor()
    await shoot(page, 'person')
    await page.getByRole('button', { name: 'Close' }).click()
    await shoot(page, 'people')
  })

  it('lets a television in with the phone, sees it among the devices, and ends it', async () => {
    const living = await openContext(browser, 'desktop')
    const television = await living.newPage()
    await television.goto(`${home.origin}/sign-in`)
    await television.getByRole('link', { name: 'Sign in with a phone' }).click()
    const code = (await television.getByTestId('tv-code').textContent()) ?? ''
    await shoot(television, 'television')
    await page.goto(`${home.origin}/tv?code=${code}`)
    await page.getByRole('button', { name: 'Let it in' }).waitFor()
    await shoot(page, 'tv-approve')
    await page.getByRole('button', { name: 'Let it in' }).click()
    await page.getByText('The screen is signed in').waitFor()
    await television.getByTestId('home-lamp').waitFor()
    // What matters asks a screen that never proved anything to prove it.
    await television.goto(`${home.origin}/account/you`)
    await television.getByRole('button', { name: 'Save my data' }).click()
    await television.getByRole('heading', { name: 'Is it still you?' }).waitFor()
    await shoot(television, 'step-up')
    await television.getByRole('button', { name: 'Use a recovery code' }).waitFor()
    await television.keyboard.press('Escape')
    await page.goto(`${home.origin}/account/devices`)
    await page.getByText('This device').waitFor()
    await shoot(page, 'devices')
    // The one used last stands first: the television.
    const ends = page.getByRole('button', { name: /^End .* on / })
    const before = await ends.count()
    await ends.first().click()
    await expect.poll(() => ends.count()).toBe(before - 1)
    await television.goto(`${home.origin}/account/you`)
    await television.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    await living.close()
  })

  it('makes a profile for a child, and reads the news', async () => {
    await page.goto(`${home.origin}/account/profiles`)
    await page.getByRole('button', { name: 'Add a profile' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Mia')
    await page.getByLabel('Cat').check({ force: true })
    await page.getByLabel('Films', { exact: true }).selectOption('6')
    await shoot(page, 'profile-new')
    await page.getByRole('button', { name: 'Add the profile' }).click()
    await page.getByText('films up to 6 years').waitFor()
    await shoot(page, 'profiles')
    await page.getByRole('link', { name: 'News' }).click()
    await page.getByText('You let a screen in').waitFor()
    await shoot(page, 'news')
    await page.goto(`${home.origin}/account/you`)
    await page.getByRole('button', { name: 'Save my data' }).waitFor()
    await shoot(page, 'you')
  })
})

async function openMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: item }).click()
}

async function openAccount(page: Page, section: string): Promise<void> {
  await openMenu(page, 'Your account')
  await page.getByRole('link', { name: section }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
}
