/** Plays one film of the matrix in a page as a person would, and says what was seen, heard and read. */
import type { BrowserContext, Page, Response } from 'playwright-core'
import * as z from 'zod'
import { ErrorData } from '#protocol/errors.ts'
import { PlayPlan } from '#protocol/play-plan.ts'
import { Tracks } from '#protocol/tracks.ts'
import { measurePlayback, type Playback, waitUntilPlaying } from '../measure-playback.ts'
import { seekByKey } from '../viewer.ts'
import { secondBurnedIn } from './timecode.ts'

export type Seek = {
  /** Where the key asked to go. */
  targetSeconds: number
  /** What the browser says the frame's time is, and what the frame itself says. */
  frameSeconds: number
  burnedInSeconds: number
}

export type Played = { plan: PlayPlan; tracks: Tracks; playback: Playback; seeks: Seek[]; error: string | undefined }
export type Refused = { code: string; words: string }

/** Shares of the film: near its end, whose bytes are there or not, and back over a cut. */
const seekKeys = ['8', '3']

const Line = z.union([
  z.object({ type: z.literal('ready'), stream: z.object({ plan: PlayPlan, tracks: Tracks }) }),
  z.object({ type: z.literal('failed'), error: ErrorData }),
  z.object({ type: z.literal('stage') }),
])

/** Opens the film's page and presses Play; leaves the page open when it plays. */
export async function openCell(
  context: BrowserContext,
  titleUrl: string,
): Promise<{ page: Page; answer: Refused | { plan: PlayPlan; tracks: Tracks } }> {
  const page = await context.newPage()
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/api/streams') && response.request().method() === 'POST',
  )
  await page.goto(titleUrl)
  await page.getByRole('link', { name: /^(Play|Resume)/ }).click()
  const answer = await readAnswer(await answered)
  if (!('code' in answer)) return { page, answer: answer.stream }
  const words = (await page.getByRole('alert').textContent()) ?? ''
  return { page, answer: { code: answer.code, words } }
}

async function readAnswer(response: Response) {
  const lines = (await response.text()).trim().split('\n')
  for (const text of lines) {
    const line = Line.parse(JSON.parse(text))
    if (line.type === 'ready') return line
    if (line.type === 'failed') return line.error
  }
  throw new Error(`Play was answered with nothing: ${response.status()}`)
}

export async function playCell(context: BrowserContext, titleUrl: string): Promise<Played | Refused> {
  const { page, answer } = await openCell(context, titleUrl)
  try {
    if ('code' in answer) return answer
    await Promise.race([waitUntilPlaying(page, 30_000), untilFailed(page)])
    const playback = await measurePlayback(page, 1.5)
    // Held still, the picture on the screen and the time that the browser says are of the same frame.
    await page.keyboard.press('k')
    const seeks: Seek[] = []
    for (const key of seekKeys) {
      const durationSeconds = await page.evaluate(() => document.querySelector('video')?.duration ?? Number.NaN)
      const frameSeconds = await seekByKey(page, key)
      const targetSeconds = (Number(key) / 10) * durationSeconds
      seeks.push({ targetSeconds, frameSeconds, burnedInSeconds: await secondBurnedIn(page) })
    }
    const error = await page.evaluate(() => document.querySelector('video')?.error?.message)
    return { ...answer, playback, seeks, error }
  } finally {
    await page.close()
  }
}

/** Rejects with the player's own words when it gives up. */
async function untilFailed(page: Page): Promise<never> {
  await page.locator('[data-state="failed"]').waitFor({ timeout: 60_000 })
  throw new Error(`the player gave up: ${await page.getByRole('alert').textContent()}`)
}
