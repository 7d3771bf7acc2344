/**
 * Twenty seeks over a remuxed film at home, as a person seeks: the mouse comes to a place on the bar, stays for a look at
 * the little picture, presses and lets go. Measured from the letting go to the first frame on the screen that is of
 * about that place: a pixel of a bar stands for seconds of a film, so the player goes to the keyframe that is near, and
 * a frame of within 1.2 s counts. `remux`: a film of 1080 lines whose groups of pictures are two seconds at most,
 * `remux-720p` the same smaller, `remux-long-groups` one whose groups are up to ten seconds, where most presses have no
 * keyframe near and are exact. `remux-exact`: the first film sought to the frame by `currentTime`, as keys and chapters
 * do, which waits until all is decoded from the keyframe before. The subject `plain-file`, too, is sought to the frame:
 * the same film from a bare server in `<video src>`, what decoding costs on this machine with nothing of ours.
 * In three minutes of film later seeks find something of what came with the earlier ones: `fetched_max_ms` is the longest
 * of those (`n`) that had to fetch.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { bringHome } from '../../e2e/bring-home.ts'
import { launchBrowser, openContext } from '../../e2e/browser.ts'
import { startFilmHome } from '../../e2e/film-home.ts'
import { shareFilms } from '../../e2e/share-films.ts'
import { signInInPage } from '../../e2e/viewer.ts'
import { percentile, report } from '../report.ts'
import { matroskaFilm, mp4Film, shortGroupsMatroska, shortGroupsMp4 } from '../start/films.ts'
import { servePlainPage } from '../start/plain-page.ts'
import { pressPlay } from '../start/press-play.ts'

const SEEKS = 20
const FILM_SECONDS = 210
/** Each far from the one before it, and all over the film: the golden ratio's multiples. */
const placeOf = (seek: number) => 5 + ((seek * 0.618034) % 1) * (FILM_SECONDS - 15)

/** To the frame, or as near as the bar goes: so far from the place a frame may be. */
const NEAR_SECONDS = { exact: 0.5, bar: 1.2 }
const LOOK_MS = 300

const cases = [
  { name: 'remux', ours: await shortGroupsMatroska(1080), plain: await shortGroupsMp4(1080) },
  { name: 'remux-720p', ours: await shortGroupsMatroska(720), plain: await shortGroupsMp4(720) },
  { name: 'remux-long-groups', ours: await matroskaFilm(), plain: await mp4Film() },
]
const isWanted = (name: string) => process.argv[3] === undefined || process.argv[3] === name
const wanted = cases.filter(({ name }) => isWanted(name) || (name === 'remux' && isWanted('remux-exact')))
const home = await startFilmHome(await shareFilms(wanted.map(({ name, ours }) => ({ name, path: ours }))))
const browser = await launchBrowser()
try {
  const context = await openContext(browser, 'desktop')
  const first = await context.newPage()
  await signInInPage(first, home.origin, /remux/)
  await first.close()
  for (const { name, plain } of wanted) {
    await bringHome(home, name)
    if (isWanted(name)) {
      reportSeeks(name, 'porchlight', await seekAbout(context, home.pageOf(name), pressBar))
      const page = await servePlainPage(plain, 'video/mp4')
      reportSeeks(name, 'plain-file', await seekAbout(context, page.url, seekExactly))
      page.stop()
    }
    if (name === 'remux' && isWanted('remux-exact'))
      reportSeeks('remux-exact', 'porchlight', await seekAbout(context, home.pageOf(name), seekExactly))
  }
} finally {
  await browser.close()
  await home.stop()
}

type Seek = { shownMs: number; isFetched: boolean }

/** Each seek, in order. */
async function seekAbout(
  context: BrowserContext,
  url: string,
  seek: (page: Page, seconds: number) => Promise<void>,
): Promise<Seek[]> {
  const { page } = await pressPlay(context, url, { withoutMatroska: true })
  // It plays, and its first buffer is full.
  await page.waitForTimeout(3000)
  const seeks: Seek[] = []
  for (let n = 1; n <= SEEKS; n++) {
    await seek(page, placeOf(n))
    seeks.push(await page.evaluate(() => (window as unknown as { sought: Promise<Seek> }).sought))
    // A person looks at what was found before seeking on.
    await page.waitForTimeout(1000)
  }
  await page.close()
  return seeks
}

function reportSeeks(name: string, subject: string, seeks: readonly Seek[]): void {
  const times = seeks.map(({ shownMs }) => shownMs)
  const fetched = seeks.filter(({ isFetched }) => isFetched).map(({ shownMs }) => shownMs)
  const common = { bench: 'seek-ui', case: name, subject, n: times.length }
  report({ ...common, metric: 'frame_p50_ms', value: percentile(times, 0.5) })
  report({ ...common, metric: 'frame_p95_ms', value: percentile(times, 0.95) })
  report({ ...common, metric: 'frame_max_ms', value: Math.max(...times) })
  report({ ...common, n: fetched.length, metric: 'fetched_max_ms', value: Math.max(0, ...fetched) })
}

/** By the page itself, as keys and chapters do. */
function seekExactly(page: Page, seconds: number): Promise<void> {
  return noteFrame(page, seconds, NEAR_SECONDS.exact, 'now')
}

async function pressBar(page: Page, seconds: number): Promise<void> {
  const bar = await page.getByRole('slider', { name: 'Seek' }).boundingBox()
  const film = await page.evaluate(() => document.querySelector('video')?.duration)
  if (!bar || !film) throw new Error('there is no seek bar')
  await page.mouse.move(bar.x + (seconds / film) * bar.width, bar.y + bar.height / 2, { steps: 5 })
  await page.waitForTimeout(LOOK_MS)
  await noteFrame(page, seconds, NEAR_SECONDS.bar, 'pointerup')
  await page.mouse.down()
  await page.mouse.up()
}

/** Seeks `now`, or waits for the `pointerup` that does. Frames of before the seek do not count: one near the place does. */
function noteFrame(page: Page, seconds: number, nearSeconds: number, from: 'now' | 'pointerup'): Promise<void> {
  return page.evaluate(
    (wanted) => {
      const video = document.querySelector('video')
      const sought = new Promise<Seek>((resolve, reject) => {
        if (!video) return reject(new Error('there is no video'))
        const { buffered } = video
        const isHeld = (at: number) => buffered.start(at) <= wanted.seconds && wanted.seconds < buffered.end(at)
        const isFetched = !Array.from({ length: buffered.length }, (_, at) => isHeld(at)).includes(true)
        const begin = (begunMs: number) => {
          video.requestVideoFrameCallback((_, { mediaTime, presentationTime }) => {
            if (Math.abs(mediaTime - wanted.seconds) < wanted.nearSeconds)
              resolve({ shownMs: presentationTime - begunMs, isFetched })
            else begin(begunMs)
          })
        }
        setTimeout(() => reject(new Error(`no frame of ${wanted.seconds} s came in 20 s`)), 20_000)
        if (wanted.from === 'now') {
          begin(performance.now())
          video.currentTime = wanted.seconds
        } else addEventListener('pointerup', ({ timeStamp }) => begin(timeStamp), { capture: true, once: true })
      })
      Object.assign(window, { sought })
    },
    { seconds, nearSeconds, from },
  )
}
