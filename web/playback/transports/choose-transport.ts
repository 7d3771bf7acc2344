/** Finds the way home that works: ways are asked one beside another, the cheaper ones first, and the best that answers soon is taken. */
import { AppError } from '#protocol/errors.ts'
import type { Transport } from '#protocol/stream-url.ts'
import { NoRoute } from '../../failure.ts'
import { order } from './when-to-try.ts'

/** How long each transport may take to answer; the relay has to wake home first. */
export const ANSWER_WITHIN_MS: Record<Transport, number> = { direct: 2500, p2p: 6000, relay: 10_000 }
/**
 * `askedAfterMs`: a network of one's own answers before the second is asked. The relay is paid for: the others have their
 * time first. `soonMs`: a dearer way that answers waits until then for the cheaper ones, counted from the beginning.
 */
const calm: Timing = {
  askedAfterMs: { direct: 0, p2p: 200, relay: 1500 },
  soonMs: { direct: 700, p2p: 2500, relay: 0 },
}
/** While a film plays on what it holds: all at once, and the dearer wait for a moment. */
const hasty: Timing = {
  askedAfterMs: { direct: 0, p2p: 0, relay: 0 },
  soonMs: { direct: 200, p2p: 300, relay: 0 },
}
type Timing = Record<'askedAfterMs' | 'soonMs', Record<Transport, number>>

/** One way asked for one byte: it answers, refuses (say `token_expired`), or is silent. */
export type Ask = (transport: Transport, signal: AbortSignal) => Promise<'answers' | 'silent' | AppError>
export type Outcome = { transport: Transport; outcome: 'answers' | 'silent' | 'refused'; afterMs: number }

type World = { ask: Ask; signal: AbortSignal; onOutcome?: (outcome: Outcome) => void; isHasty?: boolean }

/**
 * The best transport that answers soon, else the first that answers at all. Throws the refusal when one was given,
 * which says more than silence, else NoRoute; or the signal's reason.
 */
export async function chooseTransport(offered: readonly Transport[], world: World): Promise<Transport> {
  const transports = order.filter((transport) => offered.includes(transport))
  const { askedAfterMs, soonMs } = world.isHasty ? hasty : calm
  const over = new AbortController()
  const signal = AbortSignal.any([world.signal, over.signal])
  const beganMs = performance.now()
  const silent = new Set<Transport>()
  const answering = new Set<Transport>()
  let refusal: AppError | undefined
  try {
    return await new Promise<Transport>((resolve, reject) => {
      const asked = new Set<Transport>()
      const fail = () =>
        reject(world.signal.aborted ? world.signal.reason : (refusal ?? new NoRoute('No way leads home.')))
      /** Called whenever something may have been decided: an answer, a silence, or time that has passed. */
      const look = () => {
        if (world.signal.aborted) return fail()
        const nowMs = performance.now() - beganMs
        const best = transports.find((transport) => answering.has(transport))
        const isAwaited = (transport: Transport) => !silent.has(transport) && nowMs < soonMs[transport]
        if (best && !transports.slice(0, transports.indexOf(best)).some(isAwaited)) return resolve(best)
        if (silent.size === transports.length) return fail()
        for (const [at, transport] of transports.entries()) {
          const isNext = transports.slice(0, at).every((before) => silent.has(before))
          if (asked.has(transport) || !(isNext || nowMs >= askedAfterMs[transport]) || best) continue
          asked.add(transport)
          void askOne(transport)
        }
      }
      const askOne = async (transport: Transport) => {
        const askedMs = performance.now()
        const outcome = await world.ask(transport, signal).catch(() => 'silent' as const)
        if (signal.aborted) return
        if (outcome === 'answers') answering.add(transport)
        else silent.add(transport)
        if (outcome instanceof AppError) refusal ??= outcome
        const kind = outcome instanceof AppError ? 'refused' : outcome
        world.onOutcome?.({ transport, outcome: kind, afterMs: performance.now() - askedMs })
        look()
      }
      for (const delayMs of new Set([...Object.values(askedAfterMs), ...Object.values(soonMs)])) {
        if (delayMs === 0) continue
        const timer = setTimeout(look, delayMs + 1)
        over.signal.addEventListener('abort', () => clearTimeout(timer))
      }
      world.signal.addEventListener('abort', look, { signal: over.signal })
      look()
    })
  } finally {
    over.abort()
  }
}
