/** Twenty seeks over a remuxed film at home: from the seek to the frame of its place on the screen. */
import type { Page } from 'playwright-core'
import { launchBrowser, openContext } from '../../e2e/browser.ts'
import { play, urlBy } from '../../e2e/edge-client.ts'
import { startFilmHome } from '../../e2e/film-home.ts'
import { waitUntilPlaying } from '../../e2e/measure-playback.ts'
import { shareFilms } from '../../e2e/share-films.ts'
import { signInInPage } from '../../e2e/viewer.ts'
import { percentile, report } from '../report.ts'
import { matroskaFilm, mp4Film } from '../start/films.ts'
import { pressPlay } from '../start/press-play.ts'

const SEEKS = 20
const FILM_SECONDS = 210
/** Far from the one before it and never where something is buffered: the golden ratio's multiples. */
const placeOf = (seek: number) => 5 + ((seek * 0.618034) % 1) * (FILM_SECONDS - 15)

/** The same film as it is, in the browser's own hands: what decoding from the keyframe before costs here at least. */
const subjects = [
  { subject: 'porchlight', name: 'remuxed film', film: await matroskaFilm() },
  { subject: 'limit', name: 'film as it is', film: await mp4Film() },
]
const home = await startFilmHome(await shareFilms(subjects.map(({ name, film }) => ({ name, path: film }))))
const browser = await launchBrowser()
try {
  const context = await openContext(browser, 'desktop')
  const first = await context.newPage()
  await signInInPage(first, home.origin, /film as it is/)
  await first.close()
  for (const { subject, name } of subjects) {
    const whole = await fetch(urlBy(await play(home.client, new RegExp(name)), 'direct'))
    for await (const _ of whole.body ?? []);
    const { page } = await pressPlay(context, home.pageOf(name), { withoutMatroska: true })
    await waitUntilPlaying(page)
    const times: number[] = []
    for (let seek = 1; seek <= SEEKS; seek++) {
      times.push(await seekMs(page, placeOf(seek)))
      // A person looks at what was found before seeking on.
      await page.waitForTimeout(1000)
    }
    await page.close()
    const common = { bench: 'seek-ui', case: 'remux', subject, n: times.length }
    report({ ...common, metric: 'frame_p50_ms', value: percentile(times, 0.5) })
    report({ ...common, metric: 'frame_p95_ms', value: percentile(times, 0.95) })
    report({ ...common, metric: 'frame_max_ms', value: Math.max(...times) })
  }
} finally {
  await browser.close()
  await home.stop()
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
