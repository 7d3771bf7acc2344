/** How often a provider is asked: two lanes, so that whoever waits does not stand behind what runs by itself. */
import { setTimeout as sleep } from 'node:timers/promises'

export type Pace = {
  /** Resolves when it is this request's turn; rejects with the signal's reason. */
  turn(isAwaited: boolean, signal: AbortSignal): Promise<void>
}

type Clock = { now: () => number; sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown> }

const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
}

/** Each lane keeps its own distance. What is awaited takes whichever lane is free sooner. */
export function createPace(
  { background, awaited }: { background: number; awaited: number },
  clock: Clock = realClock,
): Pace {
  const lanes = {
    background: { everyMilliseconds: 1000 / background, nextAt: 0 },
    awaited: { everyMilliseconds: 1000 / awaited, nextAt: 0 },
  }
  return {
    async turn(isAwaited, signal) {
      signal.throwIfAborted()
      const isSooner = isAwaited && lanes.awaited.nextAt <= lanes.background.nextAt
      const lane = isSooner ? lanes.awaited : lanes.background
      const now = clock.now()
      const at = Math.max(now, lane.nextAt)
      lane.nextAt = at + lane.everyMilliseconds
      if (at > now) {
        await clock.sleep(at - now, signal).catch((error: unknown) => {
          signal.throwIfAborted()
          throw error
        })
      }
    },
  }
}
