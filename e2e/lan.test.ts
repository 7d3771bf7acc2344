import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keepCertificate } from '../start/certificate.ts'
import { launchBrowser, openContext } from './browser.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { measurePlayback, waitUntilPlaying } from './measure-playback.ts'
import { openFilm, setUpInPage } from './viewer.ts'

let browser: Browser
beforeAll(async () => {
  // A name that is not localhost, as a phone would see this machine.
  browser = await launchBrowser(['--host-resolver-rules=MAP porch.test 127.0.0.1'])
})
afterAll(() => browser?.close())

it('a phone on the Wi-Fi signs in and watches over HTTPS with the certificate of this machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-lan-'))
  let home: TestHome | undefined
  try {
    home = await startTestHome({
      host: '0.0.0.0',
      publicHost: '127.0.0.1',
      certificate: await keepCertificate(folder, '127.0.0.1', new Date()),
    })
    const page = await (await openContext(browser, 'phone', { ignoreHTTPSErrors: true })).newPage()
    await setUpInPage(page, home.setupUrl)
    expect(page.url()).toMatch(/^https:/)
    await openFilm(page)
    await waitUntilPlaying(page)
    expect((await measurePlayback(page, 3)).frames).toBeGreaterThan(50)
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
