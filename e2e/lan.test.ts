import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepCertificate } from '../start/certificate.ts'
import { type Device, launchBrowser, openContext } from './browser.ts'
import { switchOnCodeApp } from './code-app.ts'
import { person } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { measurePlayback, waitUntilPlaying } from './measure-playback.ts'
import { fillNewAccount, openFilm } from './viewer.ts'

const ben = { email: 'ben@example.org', displayName: 'Ben', password: 'seven paper boats at noon' }

let browser: Browser
beforeAll(async () => {
  // A name that is not localhost, as a phone would see this machine.
  browser = await launchBrowser(['--host-resolver-rules=MAP porch.test 127.0.0.1'])
})
afterAll(() => browser?.close())

it('a household on the Wi-Fi sets up with a second lock, invites, lets a television in, and watches over HTTPS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-lan-'))
  let home: TestHome | undefined
  try {
    home = await startTestHome({
      host: '0.0.0.0',
      publicHost: '127.0.0.1',
      certificate: await keepCertificate(folder, '127.0.0.1', new Date()),
    })
    const phone = await newPage('phone')
    await fillNewAccount(phone, home.setupUrl, person)
    await phone.getByRole('button', { name: 'Create account' }).click()
    // Others reach this edge: no way around the second lock, and no passkey at an address of numbers.
    await phone.getByRole('heading', { name: 'This account needs a second lock' }).waitFor()
    expect(await phone.getByRole('button', { name: 'Not now' }).count()).toBe(0)
    expect(await phone.getByRole('button', { name: /A passkey/ }).count()).toBe(0)
    await phone.goto(`${home.origin}/people`)
    await phone.getByRole('heading', { name: 'This account needs a second lock' }).waitFor()
    await switchOnCodeApp(phone)
    await phone.getByTestId('home-lamp').waitFor()
    expect(phone.url()).toMatch(/^https:/)

    await phone.goto(`${home.origin}/people`)
    await phone.getByRole('button', { name: 'Invite somebody' }).click()
    await phone.getByLabel('Who is it for?').fill('Ben next door')
    await phone.getByRole('button', { name: 'Make the invite' }).click()
    const link = (await phone.getByTestId('invite-link').textContent()) ?? ''
    const other = await newPage('desktop')
    await fillNewAccount(other, link, ben)
    await other.getByRole('button', { name: 'Come in' }).click()
    await other.getByTestId('home-lamp').waitFor()

    const television = await newPage('desktop')
    await television.goto(`${home.origin}/television`)
    const code = (await television.getByTestId('tv-code').textContent()) ?? ''
    await other.goto(`${home.origin}/tv?code=${code}`)
    await other.getByRole('button', { name: 'Let it in' }).click()
    await television.getByRole('button', { name: 'Account of Ben' }).waitFor()

    await phone.goto(home.origin)
    await openFilm(phone)
    await waitUntilPlaying(phone)
    expect((await measurePlayback(phone, 3)).frames).toBeGreaterThan(50)
  } finally {
    await home?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

it('on plain http beyond localhost the app says why it cannot sign in, and what to do', async () => {
  const home = await startTestHome({ demo: false })
  try {
    const page = await (await openContext(browser, 'phone')).newPage()
    await page.goto(home.origin.replace('localhost', 'porch.test'))
    await page.getByText(/https/i).first().waitFor()
    expect(await page.getByLabel('Password').count()).toBe(0)
    expect(await page.getByText(/--lan/).count()).toBeGreaterThan(0)
  } finally {
    await home.stop()
  }
})

/** A browser that went on past the warning about the certificate. */
async function newPage(device: Device): Promise<Page> {
  const page = await (await openContext(browser, device, { ignoreHTTPSErrors: true })).newPage()
  page.setDefaultTimeout(20_000)
  return page
}
