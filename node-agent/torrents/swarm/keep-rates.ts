/** Holds the swarm to its rate limits, which change with the time of day. */
import type WebTorrent from 'webtorrent'
import { minuteOfDay, type Rates, type RateWindow, ratesAt } from './rate-schedule.ts'

const EVERY_MILLISECONDS = 20_000

/** Looks again by itself until the client is destroyed. Gives the function that looks now. */
export function keepRates(
  client: WebTorrent,
  usual: Rates,
  schedule: readonly RateWindow[],
  now: () => Date = () => new Date(),
): () => void {
  let last: Rates = { download: undefined, upload: undefined }
  const apply = () => {
    if (client.destroyed) return clearInterval(timer)
    const rates = ratesAt(minuteOfDay(now()), usual, schedule)
    if (rates.download !== last.download) client.throttleDownload(rates.download ?? -1)
    if (rates.upload !== last.upload) client.throttleUpload(rates.upload ?? -1)
    last = rates
  }
  const timer = setInterval(apply, EVERY_MILLISECONDS)
  timer.unref()
  apply()
  return apply
}
