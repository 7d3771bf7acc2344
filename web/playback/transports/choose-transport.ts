/** Finds the way home that works: each URL is asked for one byte, in order, and the first that answers is taken. */
import type { AppError } from '#protocol/errors.ts'
import type { StreamUrl, Transport } from '#protocol/stream-url.ts'
import { NoRoute, readRefusal } from '../../failure.ts'

/** How long each transport may take to answer; the relay has to wake home first. */
export const ANSWER_WITHIN_MS: Record<Transport, number> = { direct: 2500, p2p: 5000, relay: 10_000 }

type World = { fetch: typeof fetch; signal: AbortSignal }

/**
 * The first URL that answers `bytes=0-0`. Throws the refusal (say `token_expired`) when one was given, which says
 * more than silence, else NoRoute. A single simple range needs no CORS preflight (Fetch §2.2.2).
 */
export async function chooseTransport(urls: readonly StreamUrl[], { fetch, signal }: World): Promise<StreamUrl> {
  let refusal: AppError | undefined
  // What a data channel carries, `fetch` does not reach.
  for (const candidate of urls.filter(({ transport }) => transport !== 'p2p')) {
    const outcome = await ask(candidate, fetch, signal)
    signal.throwIfAborted()
    if (outcome === 'answers') return candidate
    if (outcome !== 'silent') refusal ??= outcome
  }
  throw refusal ?? new NoRoute('No transport leads home.')
}

async function ask({ url, transport }: StreamUrl, fetch: World['fetch'], signal: AbortSignal) {
  try {
    const response = await fetch(url, {
      headers: { range: 'bytes=0-0' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS[transport])]),
      cache: 'no-store',
      credentials: 'omit',
    })
    if (response.ok) {
      await response.body?.cancel()
      return 'answers'
    }
    return readRefusal(await response.json()) ?? 'silent'
  } catch {
    return 'silent'
  }
}
