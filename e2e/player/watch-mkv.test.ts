/** A person in front of a Matroska film: subtitles of every kind, another sound, a smaller picture, chapters, skipping. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { measurePlayback, waitUntilPlaying } from '../measure-playback.ts'
import { shareFilms } from '../share-films.ts'
import { currentSeconds, signInInPage } from '../viewer.ts'
import { chapters, filmWithEverything, lines } from './film-with-everything.ts'

const name = 'Late Home'
let home: FilmHome
let browser: Browser

beforeAll(async () => {
  home = await startFilmHome(await shareFilms([{ name, path: await filmWithEverything() }]))
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
})

describe.each(['desktop', 'phone'] as const)('on a %s', (device) => {
  let page: Page
  const refused: string[] = []

  beforeAll(async () => {
    const context = await openContext(browser, device)
    page = await context.newPage()
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text())
    })
    await signInInPage(page, home.origin, new RegExp(name))
    // The same person on every device: where they were on the last one is not where this test begins.
    await page.goto(`${home.origin}/watch/${home.titleIds.get(name)}?from=start`)
    await waitUntilPlaying(page)
  })

  const panel = (title: string) => page.getByRole('region', { name: title })
  const open = async (title: string) => {
    if (!(await panel(title).isVisible())) await page.getByRole('button', { name: title }).click()
    return panel(title)
  }
  const seekTo = (seconds: number) =>
    page.evaluate(
      (target) =>
        new Promise<void>((done) => {
          const video = document.querySelector('video')
          video?.addEventListener('seeked', () => done(), { once: true })
          if (video) video.currentTime = target
        }),
      seconds,
    )

  it('offers to skip the intro, and does', async () => {
    await page.getByRole('button', { name: 'Skip intro' }).click()
    await expect.poll(() => currentSeconds(page)).toBeGreaterThanOrEqual(chapters[1].at)
  })

  it('goes from chapter to chapter by key', async () => {
    await page.keyboard.press('k')
    await page.locator('[data-state="paused"]').waitFor()
    await page.keyboard.press('n')
    await expect.poll(() => currentSeconds(page)).toBeCloseTo(chapters[2].at, 1)
    await page.keyboard.press('p')
    await expect.poll(() => currentSeconds(page)).toBeCloseTo(chapters[1].at, 1)
    expect(await page.getByTestId('chapter').count()).toBe(chapters.length - 1)
  })

  // A phone has no remote control, and its controls stand in another order.
  if (device === 'desktop')
    it('is handled with arrows and OK alone, as by a remote control', async () => {
      const isPressed = async (key: string, times: number, focused: RegExp) => {
        for (let press = 0; press < times; press++) await page.keyboard.press(key)
        const words = () =>
          page.evaluate(() => {
            const { activeElement: at } = document
            return at?.getAttribute('aria-label') ?? at?.closest('label')?.textContent
          })
        await expect.poll(words).toMatch(focused)
      }
      await isPressed('Enter', 1, /^(Play|Pause)$/)
      await page.locator('[data-state="playing"]').waitFor()
      await isPressed('Enter', 1, /^Play$/)
      await page.locator('[data-state="paused"]').waitFor()
      const before = await currentSeconds(page)
      await isPressed('ArrowUp', 5, /^Sound and subtitles$/)
      await page.keyboard.press('Enter')
      await panel('Sound and subtitles').waitFor()
      await isPressed('ArrowDown', 5, /^English/)
      await page.keyboard.press('Enter')
      const subtitles = panel('Sound and subtitles').getByRole('group', { name: 'Subtitles' })
      await expect
        .poll(() =>
          subtitles
            .getByRole('radio', { name: /^English/ })
            .first()
            .isChecked(),
        )
        .toBe(true)
      await isPressed('Escape', 1, /^Sound and subtitles$/)
      expect(await currentSeconds(page)).toBe(before)
      // On the bar they seek.
      await isPressed('ArrowDown', 4, /^Seek$/)
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => currentSeconds(page)).toBeCloseTo(before - 5, 1)
    })

  it('shows the words of text subtitles at their time, with their marks, and none in between', async () => {
    const tracks = await open('Sound and subtitles')
    await tracks.getByText('English', { exact: true }).last().click()
    const words = page.getByTestId('subtitles')
    await seekTo(lines[1].at + 1)
    await expect.poll(() => words.textContent()).toBe('Then somebody is still expected.')
    expect(await words.locator('i').textContent()).toBe('expected')
    await seekTo(lines[1].at + 5)
    await expect.poll(() => words.textContent()).toBe('')
  })

  it('shows them later when a person says so', async () => {
    const tracks = await open('Sound and subtitles')
    for (let press = 0; press < 4; press++) await tracks.getByRole('button', { name: 'Half a second later' }).click()
    await seekTo(lines[2].at + 1)
    await expect.poll(() => page.getByTestId('subtitles').textContent()).toBe('')
    await seekTo(lines[2].at + 5)
    await expect.poll(() => page.getByTestId('subtitles').textContent()).toContain('The porch is warm.')
    await tracks
      .getByRole('button', { name: /put back/ })
      .first()
      .click()
  })

  it('draws styled subtitles over the picture', async () => {
    const tracks = await open('Sound and subtitles')
    await tracks.getByText('English, Signs').click()
    await seekTo(lines[2].at + 1)
    await expect.poll(() => paintedShare(page, '.JASSUB'), { timeout: 30_000 }).toBeGreaterThan(0.002)
    await seekTo(lines[2].at + 5)
    await expect.poll(() => paintedShare(page, '.JASSUB')).toBe(0)
  })

  it('draws subtitles that are pictures, at their time and place, and none in between', async () => {
    const tracks = await open('Sound and subtitles')
    await tracks.getByText('French', { exact: true }).click()
    await seekTo(lines[1].at + 1)
    // A box of 60 × 40 on a screen of 320 × 240.
    await expect.poll(() => paintedShare(page, pgsCanvas), { timeout: 30_000 }).toBeCloseTo((60 * 40) / (320 * 240), 3)
    await seekTo(lines[1].at + 5)
    await expect.poll(() => paintedShare(page, pgsCanvas)).toBe(0)
    await seekTo(lines[2].at + 1)
    await expect.poll(() => paintedShare(page, pgsCanvas)).toBeGreaterThan(0.02)
  })

  it('takes a file of one’s own', async () => {
    const tracks = await open('Sound and subtitles')
    const own = '1\n00:00:20,000 --> 00:00:22,000\nEin Licht im Fenster.\n'
    await tracks
      .getByLabel('Subtitle file')
      .setInputFiles({ name: 'Nachts.de.srt', mimeType: 'application/x-subrip', buffer: Buffer.from(own) })
    await tracks.getByText('German, Nachts.de').waitFor()
    await seekTo(21)
    await expect.poll(() => page.getByTestId('subtitles').textContent()).toBe('Ein Licht im Fenster.')
  })

  it('says so when a file holds no subtitles', async () => {
    const tracks = await open('Sound and subtitles')
    await tracks
      .getByLabel('Subtitle file')
      .setInputFiles({ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff]) })
    await tracks.getByText('There are no subtitles in that file.', { exact: false }).waitFor()
  })

  it('plays another sound at the same place', async () => {
    const before = await currentSeconds(page)
    const tracks = await open('Sound and subtitles')
    await tracks.getByText(/^German, (stereo|mono)/).click()
    await expect.poll(() => tracks.getByRole('radio', { name: /^German, (stereo|mono)/ }).isChecked()).toBe(true)
    await page.keyboard.press('Escape')
    await page.locator('[data-state="paused"]').waitFor()
    // It was paused before, too: the last picture stands until the new sound's source has come to its place.
    await expect.poll(async () => Math.abs((await currentSeconds(page)) - before)).toBeLessThan(0.5)
    await page.keyboard.press('k')
    await waitUntilPlaying(page)
    expect((await measurePlayback(page, 2)).audioBytes).toBeGreaterThan(1000)
    await page.keyboard.press('k')
  })

  it('offers the picture smaller, and says in words what home did', async () => {
    const quality = await open('Picture and speed')
    await quality.getByText('480p').click()
    await expect
      .poll(() => page.evaluate(() => document.querySelector('video')?.videoHeight), { timeout: 60_000 })
      .toBe(480)
    const stats = await open('Stats for nerds')
    await stats.getByText('Quality chosen by hand', { exact: false }).waitFor()
  })

  it('needed nothing that the page’s policy forbids', () => {
    expect(refused).toEqual([])
  })
})

/** libpgs gives its canvas a style of its own. */
const pgsCanvas = 'canvas[style*="object-fit"]'

/** How much of a canvas is painted: its pixels are read through a picture of the page, because a worker owns it. */
async function paintedShare(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (query) => {
    const canvas = document.querySelector<HTMLCanvasElement>(query)
    if (!canvas || canvas.width === 0) return -1
    const bitmap = await createImageBitmap(canvas)
    const copy = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = copy.getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: new Uint8ClampedArray() }
    let painted = 0
    for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 32) painted++
    return data.length === 0 ? -1 : painted / (data.length / 4)
  }, selector)
}
