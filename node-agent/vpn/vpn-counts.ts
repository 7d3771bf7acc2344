/** The guard in numbers, for the log: how often it opened and shut since the agent started, and how long it was shut. */

export type VpnCounts = { opens: number; shuts: number; shutSeconds: number }

type Told = { isOpen: boolean; atMs: number }

export type VpnCounter = {
  /** Each change of the guard; the same again counts for nothing. */
  note: (told: Told) => void
  counts: (nowMs: number) => VpnCounts
}

/** It begins shut. */
export function createVpnCounter(startedMs: number): VpnCounter {
  let last: Told = { isOpen: false, atMs: startedMs }
  let [opens, shuts, shutMs] = [0, 0, 0]
  return {
    note(told) {
      if (told.isOpen === last.isOpen) return
      if (told.isOpen) {
        opens++
        shutMs += told.atMs - last.atMs
      } else {
        shuts++
      }
      last = told
    },
    counts: (nowMs) => {
      const running = last.isOpen ? 0 : nowMs - last.atMs
      return { opens, shuts, shutSeconds: Math.round(Math.max(0, shutMs + running) / 1000) }
    },
  }
}
