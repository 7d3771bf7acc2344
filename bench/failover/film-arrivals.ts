/** When bytes of a film arrive in a page, by whatever way: over HTTP as the browser tells, over data channels as the page does. */
import type { Page } from 'playwright-core'

/** What is no more than a word of the status, or the one byte that a way is asked for. */
const LEAST_BYTES = 4096

declare const arrivedMs: number[]

export type FilmArrivals = {
  /** Milliseconds of the longest time without a byte of it that began no sooner than `fromMs` (as `Date.now`). */
  longestSilence(fromMs: number): Promise<number>
}

/** Before the page plays. */
export async function followFilm(page: Page): Promise<FilmArrivals> {
  const overHttpMs: number[] = []
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  session.on('Network.dataReceived', ({ dataLength }) => {
    if (dataLength >= LEAST_BYTES) overHttpMs.push(Date.now())
  })
  await page.addInitScript((leastBytes) => {
    const arrivedMs: number[] = []
    Object.assign(window, { arrivedMs })
    const create = RTCPeerConnection.prototype.createDataChannel
    RTCPeerConnection.prototype.createDataChannel = function (...words) {
      const channel = create.apply(this, words)
      channel.addEventListener('message', ({ data }) => {
        if (data.byteLength >= leastBytes) arrivedMs.push(Date.now())
      })
      return channel
    }
  }, LEAST_BYTES)
  return {
    async longestSilence(fromMs) {
      const all = [...overHttpMs, ...(await page.evaluate(() => arrivedMs))]
      const after = all.filter((atMs) => atMs > fromMs).sort((one, other) => one - other)
      return Math.max(...after.map((atMs, at) => atMs - (after[at - 1] ?? fromMs)))
    },
  }
}
