/** A home without ffmpeg: what needs none plays, and the rest says in words what is missing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { makeMatrixFilm } from '../matrix/make-matrix-film.ts'
import { waitUntilPlaying } from '../measure-playback.ts'
import { shareFilms } from '../share-films.ts'
import { signInInPage } from '../viewer.ts'

const [plain, old] = ['Plain Film', 'Old Film']
let home: FilmHome
let browser: Browser
let page: Page
/** Nothing can be found in it. */
const emptyFolder = mkdtempSync(join(tmpdir(), 'porchlight-no-programs-'))

beforeAll(async () => {
  const films = [
    { name: plain, path: await makeMatrixFilm({ container: 'mp4', picture: 'h264', sound: 'aac' }) },
    { name: old, path: await makeMatrixFilm({ container: 'mkv', picture: 'mpeg4', sound: 'ac3' }) },
  ]
  home = await startFilmHome(await shareFilms(films), { agentEnv: { PATH: emptyFolder } })
  browser = await launchBrowser()
  page = await (await openContext(browser, 'phone')).newPage()
  await signInInPage(page, home.origin, new RegExp(plain))
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
  rmSync(emptyFolder, { recursive: true, force: true })
})

const press = async (film: string) => {
  await page.goto(home.pageOf(film))
  await page.getByRole('link', { name: /^(Play|Resume)/ }).click()
}

it('plays a film that needs nothing made', async () => {
  await press(plain)
  await waitUntilPlaying(page)
})

it('says of another that the box at home needs ffmpeg, and offers the way to another copy', async () => {
  await press(old)
  const alert = page.getByRole('alert')
  await alert.getByRole('heading', { name: 'This copy has to be converted first.' }).waitFor()
  expect(await alert.textContent()).toContain('The box at home needs ffmpeg')
  await alert.getByRole('link', { name: 'Back to the film' }).click()
  await page.getByRole('heading', { name: old }).waitFor()
})
