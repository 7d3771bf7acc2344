/** Whether this agent sends its viewers elsewhere: because an admin drains it, or because it is about to stop. */
import { setTimeout as sleep } from 'node:timers/promises'

export type Drain = {
  /** Players are told, with the status of their stream, to go on elsewhere. */
  isLeaving(): boolean
  /** An admin's wish, told by the edge. */
  set(isDraining: boolean): void
  /** It is about to stop. Resolves when nobody watches any more, at the latest after `mostSeconds`. */
  leave(mostSeconds: number): Promise<void>
}

/** How often it is looked whether the last has gone, in milliseconds. */
const LOOK_EVERY = 50

/** `streams` counts who watches now; `onChange` is called whenever the answer of `isLeaving` changes. */
export function createDrain(streams: () => number, onChange: () => void): Drain {
  let isDraining = false
  let isStopping = false
  const change = (act: () => void) => {
    const before = isDraining || isStopping
    act()
    if (before !== (isDraining || isStopping)) onChange()
  }
  return {
    isLeaving: () => isDraining || isStopping,
    set: (wanted) =>
      change(() => {
        isDraining = wanted
      }),
    async leave(mostSeconds) {
      change(() => {
        isStopping = true
      })
      for (let left = mostSeconds * 1000; left > 0 && streams() > 0; left -= LOOK_EVERY) await sleep(LOOK_EVERY)
    },
  }
}
