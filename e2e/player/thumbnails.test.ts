/**
 * A person who drags the seek bar with a mouse or a finger sees the film at the place they drag to, before they let go;
 * and where a press is near a keyframe (there is one every two seconds), the film goes there, while keys are exact.
 */
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openContext } from '../browser.ts'
import { waitUntilPlaying } from '../measure-playback.ts'
import { currentSeconds, signInInPage } from '../viewer.ts'
import { colours, EACH_SECONDS } from './film-of-colours.ts'
import { colourFilms, type HomeOfColours, startHomeOfColours } from './home-of-colours.ts'

const LENGTH_SECONDS = colours.length * EACH_SECONDS
let colourHome: HomeOfColours
beforeAll(async () => {
  colourHome = await startHomeOfColours()
})
afterAll(() => colourHome?.stop())

describe.each([
  { device: 'desktop', container: 'mkv' },
  { device: 'desktop', container: 'ts' },
  { device: 'phone', container: 'mkv' },
  { device: 'phone', container: 'ts' },
] as const)('on a $device, of $container', ({ device, container }) => {
  it('shows the picture of each place that is dragged over, and goes where it is let go, or to the keyframe there', async () => {
    const context = await openContext(colourHome.browser, device)
    const page = await context.newPage()
    await signInInPage(page, colourHome.home.origin, new RegExp(colourFilms[container]))
    await page.goto(
      `${colourHome.home.origin}/watch/${colourHome.home.titleIds.get(colourFilms[container])}?from=start`,
    )
    await waitUntilPlaying(page)
    await page.keyboard.press('k')
    const hand = device === 'phone' ? fingerOn(await context.newCDPSession(page)) : mouseOf(page)
    const slider = page.getByRole('slider', { name: 'Seek' })
    const bar = await slider.boundingBox()
    if (!bar) throw new Error('there is no seek bar')
    const placeOf = (seconds: number) =>
      [bar.x + (seconds / LENGTH_SECONDS) * bar.width, bar.y + bar.height / 2] as const
    const before = await currentSeconds(page)

    await hand.press(...placeOf(5))
    for (const seconds of [34, 52, 18, 45]) {
      await hand.move(...placeOf(seconds))
      const at = Math.floor(seconds / EACH_SECONDS)
      await expect.poll(() => nearestColour(page), { timeout: 20_000 }).toBe(at)
      // Whole on the screen, over the bar, where the hand is as far as the screen's edge lets it.
      const picture = await page.getByTestId('seek-preview').locator('img').boundingBox()
      const screen = page.viewportSize()
      if (!picture || !screen) throw new Error('the picture is not shown')
      expect(picture.x).toBeGreaterThanOrEqual(0)
      expect(picture.x + picture.width).toBeLessThanOrEqual(screen.width)
      expect(picture.y).toBeGreaterThanOrEqual(0)
      expect(picture.y + picture.height).toBeLessThanOrEqual(bar.y + bar.height / 2)
      expect(picture.width / picture.height).toBeCloseTo(16 / 9, 1)
      expect(Math.abs(picture.x + picture.width / 2 - placeOf(seconds)[0])).toBeLessThan(picture.width)
      expect(await page.getByTestId('seek-preview').textContent()).toContain(`0:${seconds}`)
    }
    // Nothing has moved yet.
    expect(await currentSeconds(page)).toBeCloseTo(before, 1)
    await hand.release()
    await expect.poll(() => currentSeconds(page)).toBeCloseTo(45, 0)
    if (device === 'phone') expect(await page.getByTestId('seek-preview').count()).toBe(0)

    const pressed = async () => {
      await hand.press(...placeOf(30.4))
      await hand.release()
      return currentSeconds(page)
    }
    // Where keyframes are is known a moment after the film has begun. A stream's first may be a frame late.
    await expect.poll(pressed).toBeCloseTo(30.02, 1)
    const exact = await page.evaluate(() => {
      const video = document.querySelector('video')
      if (video) video.currentTime = 20.3
      return video?.currentTime ?? Number.NaN
    })
    // The player has noticed.
    await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('20')
    await page.keyboard.press('l')
    await expect.poll(() => currentSeconds(page)).toBeCloseTo(exact + 10, 3)
    await context.close()
  })
})

type Hand = {
  press(x: number, y: number): Promise<void>
  move(x: number, y: number): Promise<void>
  release(): Promise<void>
}

const mouseOf = ({ mouse }: Page): Hand => ({
  async press(x, y) {
    await mouse.move(x, y)
    await mouse.down()
  },
  move: (x, y) => mouse.move(x, y, { steps: 4 }),
  release: () => mouse.up(),
})

/** Playwright's own can only tap. */
function fingerOn(browser: CDPSession): Hand {
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    browser.send('Input.dispatchTouchEvent', { type, touchPoints }).then(() => undefined)
  return {
    press: (x, y) => touch('touchStart', [{ x, y }]),
    move: (x, y) => touch('touchMove', [{ x, y }]),
    release: () => touch('touchEnd', []),
  }
}

/** Which of the film's colours the picture over the bar has in its middle; -1 without a picture, or of no such colour. */
async function nearestColour(page: Page): Promise<number> {
  const middle = (await page.evaluate(`(() => {
    const picture = document.querySelector('[data-testid=seek-preview] img')
    if (!picture?.complete || !picture.naturalWidth || !picture.checkVisibility()) return undefined
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 1
    const context = canvas.getContext('2d')
    context.drawImage(picture, picture.naturalWidth / 2, picture.naturalHeight / 2, 1, 1, 0, 0, 1, 1)
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)]
  })()`)) as number[] | undefined
  if (!middle) return -1
  return colours.findIndex((colour) => colour.every((part, n) => Math.abs(part - (middle[n] ?? 0)) < 40))
}
