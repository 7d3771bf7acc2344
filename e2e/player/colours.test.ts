/** A film has the same colours on the screen, whether it is played as it is or copied into segments. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bringHome } from '../bring-home.ts'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { waitUntilPlaying } from '../measure-playback.ts'
import { shareFilms } from '../share-films.ts'
import { signInInPage } from '../viewer.ts'
import { colours, filmOfColours } from './film-of-colours.ts'

const films = { mkv: 'Colours in a file', ts: 'Colours in a stream' } as const
let home: FilmHome
let browser: Browser

beforeAll(async () => {
  const shared = [
    { name: films.mkv, path: await filmOfColours('mkv') },
    { name: films.ts, path: await filmOfColours('ts') },
  ]
  home = await startFilmHome(await shareFilms(shared))
  for (const name of Object.values(films)) await bringHome(home, name)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
})

it.each([
  { mode: 'direct', container: 'mkv' },
  { mode: 'remux', container: 'mkv' },
  { mode: 'remux', container: 'ts' },
] as const)('$container, $mode', async ({ mode, container }) => {
  const context = await openContext(browser, 'desktop')
  const page = await context.newPage()
  // As Firefox and Safari do: no Matroska as it is.
  if (mode === 'remux')
    await page.addInitScript(() => {
      const { canPlayType } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.canPlayType = function (type) {
        return type.includes('matroska') ? '' : canPlayType.call(this, type)
      }
    })
  await signInInPage(page, home.origin, new RegExp(films[container]))
  await page.goto(`${home.origin}/watch/${home.titleIds.get(films[container])}?from=start`)
  await waitUntilPlaying(page)
  expect(await page.locator('[data-mode]').getAttribute('data-mode')).toBe(mode)
  const shown = (await page.evaluate(`(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')
    context.drawImage(document.querySelector('video'), 0, 0, 1, 1)
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  })()`)) as number[]
  const [red] = colours
  for (const [n, part] of red.entries()) expect(Math.abs(part - (shown[n] ?? -255))).toBeLessThan(6)
  await context.close()
})
