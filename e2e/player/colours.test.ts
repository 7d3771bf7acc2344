/** A film has the same colours on the screen, whether it is played as it is or copied into segments. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openContext } from '../browser.ts'
import { waitUntilPlaying } from '../measure-playback.ts'
import { signInInPage } from '../viewer.ts'
import { colours } from './film-of-colours.ts'
import { colourFilms, type HomeOfColours, startHomeOfColours } from './home-of-colours.ts'

let colourHome: HomeOfColours
beforeAll(async () => {
  colourHome = await startHomeOfColours()
})
afterAll(() => colourHome?.stop())

it.each([
  { mode: 'direct', container: 'mkv' },
  { mode: 'remux', container: 'mkv' },
  { mode: 'remux', container: 'ts' },
] as const)('$container, $mode', async ({ mode, container }) => {
  const context = await openContext(colourHome.browser, 'desktop')
  const page = await context.newPage()
  // As Firefox and Safari do: no Matroska as it is.
  if (mode === 'remux')
    await page.addInitScript(() => {
      const { canPlayType } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.canPlayType = function (type) {
        return type.includes('matroska') ? '' : canPlayType.call(this, type)
      }
    })
  await signInInPage(page, colourHome.home.origin, new RegExp(colourFilms[container]))
  await page.goto(`${colourHome.home.origin}/watch/${colourHome.home.titleIds.get(colourFilms[container])}?from=start`)
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
