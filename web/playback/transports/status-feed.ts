/** The stream's live status from home: peers, speed, which bytes are there. Reopens by itself when it breaks. */
import { StreamStatus } from '#protocol/stream-status.ts'

const REOPEN_AFTER_MS = 4000

/** Follows `<stream url>/status`; `point()` again after a renewal, which is also what extends the lease at home. */
export class StatusFeed {
  #source: EventSource | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #hear: { onStatus: (status: StreamStatus) => void; onSilence: () => void }

  /** `onSilence`: the feed broke off, so what was heard last is old. */
  constructor(hear: { onStatus: (status: StreamStatus) => void; onSilence: () => void }) {
    this.#hear = hear
  }

  /** `url` is the stream's own URL, without a trailing slash. */
  point(url: string): void {
    this.close()
    const source = new EventSource(`${url}/status`)
    this.#source = source
    source.onmessage = ({ data }) => {
      const status = StreamStatus.safeParse(parse(data))
      if (status.success) this.#hear.onStatus(status.data)
    }
    source.onerror = () => {
      if (this.#source === source) this.#hear.onSilence()
      // The browser reconnects a broken feed by itself, but gives up on a refused one (HTML §9.2.3).
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.point(url), REOPEN_AFTER_MS)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = undefined
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
