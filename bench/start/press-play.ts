/** A press of Play in a page, and the time until the first frame of the film is painted. */
import type { BrowserContext, Page } from 'playwright-core'

/** As Firefox and Safari do: no Matroska as it is. */
const openNoMatroska = `(() => {
  const { canPlayType } = HTMLMediaElement.prototype
  HTMLMediaElement.prototype.canPlayType = function (type) {
    return /matroska/.test(type) ? '' : canPlayType.call(this, type)
  }
})()`

/** Notes when the press came and when the first `<video>` has painted a frame, both by the page's own clock. */
const noteTimes = `(() => {
  const times = { pressedMs: 0, framePaintedMs: 0 }
  window.startTimes = times
  addEventListener('click', () => (times.pressedMs ||= performance.now()), { capture: true })
  new MutationObserver((_, observer) => {
    const video = document.querySelector('video')
    if (!video) return
    observer.disconnect()
    // When the frame was given to the screen, not when the page found time to hear of it.
    video.requestVideoFrameCallback((_, frame) => (times.framePaintedMs = frame.presentationTime))
  }).observe(document, { childList: true, subtree: true })
})()`

export type Started = { page: Page; firstFrameMs: number }

/** Leaves the page open, with the film playing. */
export async function pressPlay(
  context: BrowserContext,
  titleUrl: string,
  options: { withoutMatroska?: boolean } = {},
): Promise<Started> {
  const page = await context.newPage()
  await page.addInitScript(noteTimes)
  if (options.withoutMatroska) await page.addInitScript(openNoMatroska)
  await page.goto(titleUrl, { waitUntil: 'networkidle' })
  await page
    .getByRole('link', { name: /^(Play|Start over)/ })
    .first()
    .click()
  type Times = { pressedMs: number; framePaintedMs: number }
  const handle = await page.waitForFunction(
    () => {
      const { startTimes } = window as unknown as { startTimes: Times }
      return startTimes.framePaintedMs > 0 && startTimes
    },
    undefined,
    { timeout: 30_000 },
  )
  const times = (await handle.jsonValue()) as Times
  return { page, firstFrameMs: times.framePaintedMs - times.pressedMs }
}
