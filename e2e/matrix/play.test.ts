/** Every film of the matrix that Debian's Chromium can be given is really played through the whole home. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bringHome } from '../bring-home.ts'
import { launchBrowser, openContext } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { shareFilms } from '../share-films.ts'
import { signInInPage } from '../viewer.ts'
import { cells, isKnownWhole } from './cells.ts'
import { GOP_SECONDS } from './elementary-streams.ts'
import { inLanes } from './in-lanes.ts'
import { makeMatrixFilm } from './make-matrix-film.ts'
import { LEAST_FRAMES, type Played, playCell, type Refused } from './play-cell.ts'
import { cues } from './subtitle-inputs.ts'

let home: FilmHome
let browser: Browser
let outcomes: Map<string, Promise<Played | Refused>>

beforeAll(async () => {
  const films = await Promise.all(inLanes(cells, 2, ({ film }) => makeMatrixFilm(film)))
  home = await startFilmHome(await shareFilms(cells.map(({ name }, at) => ({ name, path: films[at] ?? '' }))))
  browser = await launchBrowser()
  const context = await openContext(browser, 'desktop')
  const page = await context.newPage()
  await signInInPage(page, home.origin, /^avi, /)
  await page.close()
  for (const { name, film } of cells) if (isKnownWhole(film)) await bringHome(home, name)
  const playing = inLanes(cells, 2, ({ name, film }) => playCell(context, home.pageOf(name), film))
  outcomes = new Map(cells.map(({ name }, at) => [name, playing[at] ?? Promise.reject(new Error('not played'))]))
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
})

describe.each(cells)('$name', ({ name, film, plans }) => {
  const played = async () => {
    const outcome = await outcomes.get(name)
    if (!outcome || 'code' in outcome) throw new Error(`was refused: ${JSON.stringify(outcome)}`)
    return outcome
  }

  it(`is planned as ${plans.chromium}`, async () => {
    expect((await played()).plan.mode).toBe(plans.chromium)
  })

  it(film.sound ? 'is seen and heard' : 'is seen', async () => {
    const { playback, error } = await played()
    expect(error).toBeUndefined()
    expect(playback.frames).toBeGreaterThan(LEAST_FRAMES)
    expect(playback.width).toBeGreaterThan(0)
    if (film.sound) expect(playback.audioBytes).toBeGreaterThan(0)
  })

  it('shows the frame of the place that was sought', async () => {
    for (const { targetSeconds, frameSeconds, burnedInSeconds } of (await played()).seeks) {
      expect(Math.abs(burnedInSeconds - frameSeconds)).toBeLessThan(0.2)
      // Where frames are damaged the next good one is shown.
      const most = film.mischief === 'corrupt' ? 2 * GOP_SECONDS : 0.2
      expect(Math.abs(frameSeconds - targetSeconds)).toBeLessThan(most)
    }
  })

  if (!film.subtitles) return
  it('shows its subtitles at their time', async () => {
    const { seeks, tracks } = await played()
    expect(tracks.subtitles).toHaveLength(1)
    for (const { frameSeconds, subtitles } of seeks) {
      const cue = cues.find(({ startSeconds, endSeconds }) => startSeconds <= frameSeconds && frameSeconds < endSeconds)
      if (film.subtitles === 'srt') expect(subtitles.words).toBe(cue?.text ?? '')
      else expect(subtitles.isDrawn).toBe(cue !== undefined)
    }
  })
})
