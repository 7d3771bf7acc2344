/** Chromium as a phone and as a desktop, launched so that it speaks to nobody but us. */
import { type Browser, type BrowserContext, chromium, devices } from 'playwright-core'
import { chromiumPath } from './provision.ts'

/**
 * `extraArguments` are Chromium's own, for a test that needs e.g. a name mapped to the loopback address; `program` is
 * Chromium as it is started elsewhere, say in a namespace.
 */
export function launchBrowser(extraArguments: string[] = [], program = chromiumPath()): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      ...extraArguments,
    ],
  })
}

export type Device = 'phone' | 'desktop'

/** A fresh browser profile of that kind of device. */
export function openContext(
  browser: Browser,
  device: Device,
  options: { ignoreHTTPSErrors?: boolean } = {},
): Promise<BrowserContext> {
  const phone = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } }
  const desktop = { viewport: { width: 1440, height: 900 } }
  return browser.newContext({ ...(device === 'phone' ? phone : desktop), ...options })
}
