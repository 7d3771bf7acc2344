/** A person in front of a page: sets up, opens a film, and sees what we measure. */
import type { Page } from 'playwright-core'
import { person } from './edge-client.ts'
import { nextPaintedFrame } from './measure-playback.ts'
import { type Picture, pictureInPage } from './picture.ts'

/** Opens the link of a set-up or of an invite, and writes who the new account is for. */
export async function fillNewAccount(page: Page, link: string | undefined, somebody: typeof person): Promise<void> {
  await page.goto(link ?? 'about:blank')
  await page.getByLabel('Your name').fill(somebody.displayName)
  await page.getByLabel('Email').fill(somebody.email)
  await page.getByLabel('Password', { exact: true }).fill(somebody.password)
}

/** Follows the set-up link to the browse page. */
export async function setUpInPage(page: Page, setupUrl: string | undefined): Promise<void> {
  await fillNewAccount(page, setupUrl, person)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page
    .getByRole('link', { name: /first half minute/ })
    .first()
    .waitFor()
}

/** Signs in and waits for the browse page, where a film of this name is shown. */
export async function signInInPage(page: Page, origin: string, film = /first half minute/): Promise<void> {
  await page.goto(`${origin}/sign-in`)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: film }).first().waitFor()
}

/** From the browse page to the film's own page, and Play. */
export async function openFilm(page: Page, title = /first half minute/): Promise<void> {
  await page.getByRole('link', { name: title }).first().click()
  await page.getByRole('link', { name: /^(Play|Resume)/ }).click()
}

/** Presses a key that seeks, and waits for a frame painted after the seek; returns that frame's media time. */
export async function seekByKey(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    const video = document.querySelector('video')
    // Set before the key is pressed, so that no `seeked` is missed.
    Object.assign(window, { seeked: new Promise((done) => video?.addEventListener('seeked', done, { once: true })) })
  })
  await page.keyboard.press(key)
  await page.evaluate(() => (window as unknown as { seeked: Promise<unknown> }).seeked)
  return nextPaintedFrame(page)
}

export const pictureShown = async (page: Page): Promise<Picture> => (await page.evaluate(pictureInPage)) as Picture

export const currentSeconds = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector('video')?.currentTime ?? Number.NaN)

/** Waits until the film has come this far; says where it stood when it does not. */
export async function waitUntilSecond(page: Page, seconds: number, timeoutMs = 60_000): Promise<void> {
  const reached = (target: number) => (document.querySelector('video')?.currentTime ?? 0) >= target
  await page.waitForFunction(reached, seconds, { timeout: timeoutMs }).catch(async () => {
    const player = await page.locator('[data-state]').first().getAttribute('data-state')
    throw new Error(`the film stands at ${await currentSeconds(page)} s (${player}), not at ${seconds} s`)
  })
}
