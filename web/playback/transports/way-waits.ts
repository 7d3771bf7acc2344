/** What a player waits for now, looked at twice a second: does it come fast enough by the way it takes. */
import { judgeWay, type WayLook, type WayVerdict } from './judge-way.ts'

const LOOK_EVERY_MS = 500
/** Less says nothing of a line. */
const LEAST_MS = 2000

/** What the player holds and needs, which no request knows. */
export type PlayerLook = Pick<WayLook, 'aheadSeconds' | 'filmBytesPerSecond' | 'isLinesPace'>

export const notPlaying: PlayerLook = { aheadSeconds: 0, filmBytesPerSecond: undefined, isLinesPace: false }

type Wait = { sinceMs: number; bytes: number; waitedMs: number }

type About = {
  look: () => PlayerLook
  spare: () => WayLook['spare']
  /** `bytesPerSecond`: what the slow one carried, where enough came to tell. */
  onVerdict: (verdict: Exclude<WayVerdict, 'stay'>, bytesPerSecond: number | undefined) => void
}

/** The waits of one way; begun anew when the way changes. */
export class WayWaits {
  /** When something of what was waited for came last. */
  heardMs = Number.NEGATIVE_INFINITY
  #about: About
  #waits = new Set<Wait>()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(about: About) {
    this.#about = about
  }

  /** For one request: its head is waited for, and then each of its chunks. */
  begin(): { wait: <Value>(pending: Promise<Value>, bytesOf: (value: Value) => number) => Promise<Value> } {
    const wait: Wait = { sinceMs: 0, bytes: 0, waitedMs: 0 }
    return {
      wait: async (pending, bytesOf) => {
        wait.sinceMs = performance.now()
        this.#waits.add(wait)
        this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS)
        try {
          const value = await pending
          wait.bytes += bytesOf(value)
          this.heardMs = performance.now()
          return value
        } finally {
          wait.waitedMs += performance.now() - wait.sinceMs
          this.#waits.delete(wait)
        }
      },
    }
  }

  close(): void {
    this.#waits.clear()
    this.#stop()
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    if (this.#waits.size === 0) this.#stop()
    const nowMs = performance.now()
    const player = this.#about.look()
    const spare = this.#about.spare()
    for (const { sinceMs, bytes, waitedMs } of this.#waits) {
      const silentMs = nowMs - sinceMs
      const allMs = waitedMs + silentMs
      const bytesPerSecond = bytes > 0 && allMs >= LEAST_MS ? (bytes * 1000) / allMs : undefined
      const verdict = judgeWay({ ...player, silentMs, bytesPerSecond, spare })
      if (verdict === 'stay') continue
      this.#about.onVerdict(verdict, bytesPerSecond)
      return
    }
  }
}
