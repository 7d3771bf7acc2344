/** The stream's live status from home: peers, speed, which bytes are there. Reopens by itself when it breaks. */
import { StreamStatus } from '#protocol/stream-status.ts'
import { chunksOf } from '../engine/read-ndjson.ts'
import { readEvents } from './read-events.ts'
import { homeFetch } from './ways-home.ts'

const REOPEN_AFTER_MS = 4000
/** Home says something every ten seconds, even when there is nothing to say. */
const SILENT_AFTER_MS = 25_000
/** Of what home says how often it speaks (`beatSeconds`), so much more may pass before something may be wrong. */
const LATE_AFTER_BEATS = 1.4

/** `onSilence`: the feed broke off, so what was heard last is old. `onLate`: it stands, and nothing comes by it. */
type Hear = { onStatus: (status: StreamStatus) => void; onSilence: () => void; onLate: () => void }

/** Follows `<stream url>/status`; `point()` again after a renewal, which is also what extends the lease at home. */
export class StatusFeed {
  #following = new AbortController()
  #hear: Hear

  constructor(hear: Hear) {
    this.#hear = hear
  }

  /** `url` is the stream's own URL, without a trailing slash. */
  point(url: string): void {
    this.close()
    this.#following = new AbortController()
    void this.#follow(url, this.#following.signal)
  }

  close(): void {
    this.#following.abort()
  }

  async #follow(url: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#read(url, signal).catch(() => undefined)
      if (signal.aborted) return
      this.#hear.onSilence()
      await pause(REOPEN_AFTER_MS, signal)
    }
  }

  async #read(url: string, signal: AbortSignal): Promise<void> {
    const silence = new AbortController()
    let timer = setTimeout(() => silence.abort(), SILENT_AFTER_MS)
    let late: ReturnType<typeof setInterval> | undefined
    try {
      const response = await homeFetch(`${url}/status`, { signal: AbortSignal.any([signal, silence.signal]) })
      if (!response.ok || !response.body) return
      for await (const data of readEvents(chunksOf(response.body))) {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), SILENT_AFTER_MS)
        clearInterval(late)
        const status = data === undefined ? undefined : StreamStatus.safeParse(parse(data))
        if (!status?.success || signal.aborted) continue
        const { beatSeconds } = status.data
        if (beatSeconds !== undefined) late = setInterval(this.#hear.onLate, beatSeconds * LATE_AFTER_BEATS * 1000)
        this.#hear.onStatus(status.data)
      }
    } finally {
      clearTimeout(timer)
      clearInterval(late)
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
