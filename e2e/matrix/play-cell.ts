/** Plays one film of the matrix in a page as a person would, and says what was seen, heard and read. */
import type { BrowserContext, Page } from 'playwright-core'
import * as z from 'zod'
import { ErrorData } from '#protocol/errors.ts'
import { PlayPlan } from '#protocol/play-plan.ts'
import { Tracks } from '#protocol/tracks.ts'
import { measureUntil, type Playback, waitUntilPlaying } from '../measure-playback.ts'
import type { MatrixFilm } from './make-matrix-film.ts'
import { cues } from './subtitle-inputs.ts'
import { secondBurnedIn } from './timecode.ts'

export type Seek = {
  /** Where the key asked to go. */
  targetSeconds: number
  /** What the browser says the frame's time is, and what the frame itself says. */
  frameSeconds: number
  burnedInSeconds: number
  /** What of subtitles is over the picture: the words, or that something is drawn. */
  subtitles: { words: string; isDrawn: boolean }
}

export type Played = { plan: PlayPlan; tracks: Tracks; playback: Playback; seeks: Seek[]; error: string | undefined }
export type Refused = { code: string; words: string }

/** More than these are painted before a film is said to play. */
export const LEAST_FRAMES = 5

/** Digits that seek to tenths of the film: near its end, and back over a cut. */
const seekKeys = ['8', '3']

const Asked = z.object({ ifAtHome: z.boolean().optional() })
const StreamAnswer = z.object({ plan: PlayPlan, tracks: Tracks })
const Line = z.union([
  z.object({ type: z.literal('ready'), stream: StreamAnswer }),
  z.object({ type: z.literal('failed'), error: ErrorData }),
  z.object({ type: z.literal('stage') }),
])

/** Opens the film's page and presses Play; leaves the page open when it plays. */
export async function openCell(
  context: BrowserContext,
  titleUrl: string,
): Promise<{ page: Page; answer: Refused | { plan: PlayPlan; tracks: Tracks } }> {
  const page = await context.newPage()
  const answer = await answerOfPlay(page, async () => {
    await page.goto(titleUrl)
    await page.getByRole('link', { name: /^(Play|Resume)/ }).click()
  })
  if (!('code' in answer)) return { page, answer }
  const words = (await page.getByRole('alert').textContent()) ?? ''
  return { page, answer: { code: answer.code, words } }
}

/**
 * What the edge says to the page; read on the way, because the page stops reading once it knows enough. A film that is
 * whole at home is asked for before the press, and Play takes that answer; one that is not is refused then, and asked for
 * again.
 */
async function answerOfPlay(page: Page, press: () => Promise<void>) {
  const answered = Promise.withResolvers<z.infer<typeof StreamAnswer> | z.infer<typeof ErrorData>>()
  await page.route('**/api/streams', async (route) => {
    const { ifAtHome } = Asked.parse(route.request().postDataJSON())
    const response = await route.fetch()
    const said = response.ok() ? readAnswer(await response.text()) : undefined
    if (said && !(ifAtHome && 'code' in said)) answered.resolve(said)
    else if (!ifAtHome) answered.reject(new Error(`Play was answered with ${response.status()} and nothing to play`))
    // Who asked may have left the page by now.
    await route.fulfill({ response }).catch(() => undefined)
  })
  // A press that fails has more to say than an answer that fails.
  answered.promise.catch(() => undefined)
  await press()
  return answered.promise
}

function readAnswer(text: string) {
  for (const written of text.trim().split('\n')) {
    const line = Line.parse(JSON.parse(written))
    if (line.type === 'ready') return line.stream
    if (line.type === 'failed') return line.error
  }
  return undefined
}

export async function playCell(context: BrowserContext, titleUrl: string, film: MatrixFilm): Promise<Played | Refused> {
  const { page, answer } = await openCell(context, titleUrl)
  try {
    if ('code' in answer) return answer
    await Promise.race([waitUntilPlaying(page, 30_000), untilFailed(page)])
    const isEnough = ({ frames, audioBytes }: Playback) => frames > LEAST_FRAMES && (!film.sound || audioBytes > 0)
    const playback = await measureUntil(page, isEnough)
    // Held still, the picture on the screen and the time that the browser says are of the same frame.
    await page.keyboard.press('k')
    if (film.subtitles && answer.tracks.subtitles.length > 0) await chooseSubtitles(page)
    const seeks: Seek[] = []
    for (const key of seekKeys) {
      const durationSeconds = await page.evaluate(() => document.querySelector('video')?.duration ?? Number.NaN)
      const frameSeconds = await seekWhilePaused(page, key)
      const targetSeconds = (Number(key) / 10) * durationSeconds
      const burnedInSeconds = await secondBurnedIn(page)
      const expected = cues.find((cue) => cue.startSeconds <= frameSeconds && frameSeconds < cue.endSeconds)
      const subtitles = film.subtitles ? await subtitlesShown(page, expected !== undefined) : noSubtitles
      seeks.push({ targetSeconds, frameSeconds, burnedInSeconds, subtitles })
    }
    const error = await page.evaluate(() => document.querySelector('video')?.error?.message)
    return { ...answer, playback, seeks, error }
  } finally {
    await page.close()
  }
}

/** The first of the film's subtitles, from the panel: it may be chosen already, as another film's were. */
async function chooseSubtitles(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sound and subtitles' }).click()
  await page.getByRole('group', { name: 'Subtitles' }).getByRole('radio').nth(1).check({ force: true })
  await page.keyboard.press('Escape')
}

const noSubtitles = { words: '', isDrawn: false }

/** Waits a while for them to come, or to go, as they should. */
async function subtitlesShown(page: Page, areExpected: boolean): Promise<Seek['subtitles']> {
  for (let tries = 0; ; tries++) {
    const shown = (await page.evaluate(subtitlesInPage)) as Seek['subtitles']
    if ((shown.words !== '' || shown.isDrawn) === areExpected || tries === 100) return shown
    await page.waitForTimeout(100)
  }
}

/** Styled and picture subtitles are drawn on canvases of their own; the last picture's canvas is hidden. */
const subtitlesInPage = `(() => {
  const words = document.querySelector('[data-testid=subtitles]')?.textContent ?? ''
  const canvases = [...document.querySelectorAll('canvas')].filter((canvas) => canvas.checkVisibility() && canvas.width > 0)
  const isDrawn = canvases.some((canvas) => {
    const copy = document.createElement('canvas')
    copy.width = 64
    copy.height = 36
    const context = copy.getContext('2d', { willReadFrequently: true })
    context.drawImage(canvas, 0, 0, 64, 36)
    return context.getImageData(0, 0, 64, 36).data.some((value, at) => at % 4 === 3 && value > 0)
  })
  return { words, isDrawn }
})()`

/** The media time of the frame that stands after the seek: the last one painted, which may come before `seeked` does. */
async function seekWhilePaused(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    const video = document.querySelector('video')
    const sought = new Promise<number>((resolve, reject) => {
      let painted: number | undefined
      let hasSought = false
      // A frame of the place before may be painted late, on a busy machine: it is not the one that was asked for.
      let pressedAt = Number.POSITIVE_INFINITY
      const onPress = () => {
        pressedAt = performance.now()
      }
      addEventListener('keydown', onPress, { once: true, capture: true })
      const look = () =>
        video?.requestVideoFrameCallback((_, { mediaTime, presentationTime }) => {
          if (presentationTime >= pressedAt) painted = mediaTime
          if (hasSought && painted !== undefined) resolve(painted)
          else look()
        })
      look()
      video?.addEventListener(
        'seeked',
        () => {
          hasSought = true
          setTimeout(() => painted !== undefined && resolve(painted), 300)
        },
        { once: true },
      )
      setTimeout(
        () => reject(new Error(`no frame after a seek (seeked: ${hasSought}, ${video?.currentTime} s)`)),
        20_000,
      )
    })
    Object.assign(window, { sought })
  })
  await page.keyboard.press(key)
  return page.evaluate(() => (window as unknown as { sought: Promise<number> }).sought)
}

/** Rejects with the player's own words when it gives up. */
async function untilFailed(page: Page): Promise<never> {
  await page.locator('[data-state="failed"]').waitFor({ timeout: 60_000 })
  throw new Error(`the player gave up: ${await page.getByRole('alert').textContent()}`)
}
