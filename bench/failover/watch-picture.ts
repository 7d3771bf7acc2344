/** Milliseconds in which a film that is to play stands still. */
import type { Page } from 'playwright-core'

declare const seen: { stalledMs: number; longestMs: number }

/** From now on. A page that itself stood still has not seen whether the film did: only the same place twice counts. */
export const watchPicture = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const LATE_BY_A_FRAME_OR_SO_MS = 150
    const video = document.querySelector('video')
    const seen = { stalledMs: 0, longestMs: 0 }
    Object.assign(window, { seen })
    let [place, sinceMs, stillMs] = [-1, 0, 0]
    setInterval(() => {
      const now = performance.now()
      if (!video || video.paused) return
      if (video.currentTime === place) stillMs = now - sinceMs
      else {
        if (stillMs > LATE_BY_A_FRAME_OR_SO_MS) seen.stalledMs += stillMs
        seen.longestMs = Math.max(seen.longestMs, stillMs)
        ;[place, sinceMs, stillMs] = [video.currentTime, now, 0]
      }
    }, 20)
  })

export const stalledMs = (page: Page): Promise<number> => page.evaluate(() => seen.stalledMs)
