/** Tells the edge's catalog what this home offers, after each welcome, until it has heard it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#protocol/errors.ts'
import type { Offers } from '#protocol/source.ts'
import type { Log } from '../log.ts'

const RETRY_SECONDS = [2, 10, 60, 300]

/** A provider that offers titles of its own. */
export type Offering = { id: string; offers: (signal: AbortSignal) => Promise<Offers> }

export type PostOffers = (offers: Offers, signal: AbortSignal) => Promise<void>

/** Posts the offers of every source. A source that cannot tell is logged and left out; it hinders no other. */
export async function postOffers(
  sources: readonly Offering[],
  post: PostOffers,
  log: Log,
  signal: AbortSignal,
  wait: (seconds: number, signal: AbortSignal) => Promise<unknown> = (seconds) =>
    sleep(seconds * 1000, undefined, { signal }),
): Promise<void> {
  await Promise.all(sources.map((source) => postOne(source, post, log, signal, wait).catch(() => {})))
}

async function postOne(
  source: Offering,
  post: PostOffers,
  log: Log,
  signal: AbortSignal,
  wait: (seconds: number, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const offers = await source.offers(signal)
      await post(offers, signal)
      log.info('offers_posted', { provider: source.id, count: offers.offers.length })
      return
    } catch (error) {
      signal.throwIfAborted()
      const delaySeconds = RETRY_SECONDS[attempt]
      const code = error instanceof AppError ? error.code : undefined
      log.error('offers_not_posted', error, { provider: source.id, attempt, delaySeconds, code })
      if (delaySeconds === undefined) return
      await wait(delaySeconds, signal)
    }
  }
}
