/** A code app in somebody's hand: switched on in the page, then a code whenever one is asked for. */
import * as OTPAuth from 'otpauth'
import type { Page } from 'playwright-core'
import { shoot } from './shoot.ts'

export type CodeApp = {
  /** A code that was not used yet; one step ahead of the clock is accepted, so that nobody waits half a minute. */
  nextCode: () => string
  /** How many were shown, once. */
  recoveryCodes: number
}

/** From the page of the second lock to the recovery codes, kept and done. */
export async function switchOnCodeApp(page: Page): Promise<CodeApp> {
  await page.getByRole('button', { name: /A code app/ }).click()
  await page.getByText('Type it in by hand').click()
  const secret = (await page.getByTestId('totp-secret').textContent()) ?? ''
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret.replaceAll(/\s/g, '')) })
  /** The step of the last code that was used: each works once. */
  let lastStep = 0
  const nextCode = () => {
    lastStep = Math.max(Math.floor(Date.now() / 30_000), lastStep + 1)
    return totp.generate({ timestamp: lastStep * 30_000 })
  }
  await shoot(page, 'code-app')
  await page.getByLabel('First code from the app').fill(nextCode())
  await page.getByRole('button', { name: 'Switch it on' }).click()
  const codes = page.getByTestId('recovery-codes')
  await codes.waitFor()
  const recoveryCodes = await codes.getByRole('listitem').count()
  await shoot(page, 'recovery-codes')
  await page.getByLabel('I have kept them somewhere safe').check()
  await page.getByRole('button', { name: 'Done' }).click()
  return { nextCode, recoveryCodes }
}
