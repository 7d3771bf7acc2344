/**
 * Twenty seeks over a remuxed film at home, from the seek to the frame of its place on the screen: `remux`, a film of
 * 1080 lines whose groups of pictures are two seconds at most, `remux-720p`, the same smaller, and `remux-long-groups`,
 * whose groups are up to ten. Beside each the subject `plain-file`: the same film from a bare server in `<video src>`,
 * which is what decoding from the keyframe before costs on this machine.
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
/** Far from the one before it and never where something is buffered: the golden ratio's multiples. */
const placeOf = (seek: number) => 5 + ((seek * 0.618034) % 1) * (FILM_SECONDS - 15)

const cases = [
  { name: 'remux', ours: await shortGroupsMatroska(1080), plain: await shortGroupsMp4(1080) },
  { name: 'remux-720p', ours: await shortGroupsMatroska(720), plain: await shortGroupsMp4(720) },
  { name: 'remux-long-groups', ours: await matroskaFilm(), plain: await mp4Film() },
].filter(({ name }) => process.argv[3] === undefined || process.argv[3] === name)
const home = await startFilmHome(await shareFilms(cases.map(({ name, ours }) => ({ name, path: ours }))))
const browser = await launchBrowser()
try {
  const context = await openContext(browser, 'desktop')
  const first = await context.newPage()
  await signInInPage(first, home.origin, /remux/)
  await first.close()
  for (const { name, plain } of cases) {
    await bringHome(home, name)
    reportSeeks(name, 'porchlight', await seekAbout(context, home.pageOf(name)))
    const page = await servePlainPage(plain, 'video/mp4')
    reportSeeks(name, 'plain-file', await seekAbout(context, page.url))
    page.stop()
  }
} finally {
  await browser.close()
  await home.stop()
}

/** Milliseconds of each seek, in order. */
async function seekAbout(context: BrowserContext, url: string): Promise<number[]> {
  const { page } = await pressPlay(context, url, { withoutMatroska: true })
  // It plays, and its first buffer is full.
  await page.waitForTimeout(3000)
  const times: number[] = []
  for (let seek = 1; seek <= SEEKS; seek++) {
    times.push(await seekMs(page, placeOf(seek)))
    // A person looks at what was found before seeking on.
    await page.waitForTimeout(1000)
  }
  await page.close()
  return times
}

function reportSeeks(name: string, subject: string, times: number[]): void {
  const common = { bench: 'seek-ui', case: name, subject, n: times.length }
  report({ ...common, metric: 'frame_p50_ms', value: percentile(times, 0.5) })
  report({ ...common, metric: 'frame_p95_ms', value: percentile(times, 0.95) })
  report({ ...common, metric: 'frame_max_ms', value: Math.max(...times) })
}

/** Frames of before the seek do not count: one within half a second of the place does. */
function seekMs(page: Page, seconds: number): Promise<number> {
  return page.evaluate(
    (target) =>
      new Promise<number>((resolve, reject) => {
        const video = document.querySelector('video')
        if (!video) return reject(new Error('there is no video'))
        const begunMs = performance.now()
        const look = () =>
          video.requestVideoFrameCallback((_, { mediaTime, presentationTime }) =>
            Math.abs(mediaTime - target) < 0.5 ? resolve(presentationTime - begunMs) : look(),
          )
        look()
        video.currentTime = target
        setTimeout(() => reject(new Error(`no frame of ${target} s came in 20 s`)), 20_000)
      }),
    seconds,
  )
}
