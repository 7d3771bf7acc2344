/** Fetches windows of one subtitle track from home and keeps the last few. */
import { resourcePath, type SubtitleFormat } from '#protocol/stream-url.ts'
import { answered } from '../../failure.ts'
import { homeFetch } from '../transports/ways-home.ts'

const KEPT = 8
/** Home reads only the few clusters that are needed, but may have to wait for them. */
const WITHIN_MS = 40_000

export class SubtitleWindows {
  #baseUrl: () => string | undefined
  #trackId: string
  #format: SubtitleFormat
  #held = new Map<number, Uint8Array>()
  #leaving = new AbortController()

  /** `baseUrl` gives the stream's newest URL each time it is asked. */
  constructor(baseUrl: () => string | undefined, trackId: string, format: SubtitleFormat) {
    this.#baseUrl = baseUrl
    this.#trackId = trackId
    this.#format = format
  }

  /** What is here already. */
  held(index: number): Uint8Array | undefined {
    return this.#held.get(index)
  }

  /** Throws what fetching throws: a refusal of home's, or Unreachable. */
  async fetch(index: number): Promise<void> {
    if (this.#held.has(index)) return
    const bytes = await this.get(
      resourcePath({ kind: 'subtitle', trackId: this.#trackId, index, format: this.#format }),
    )
    this.#held.set(index, bytes)
    for (const old of this.#held.keys()) {
      if (this.#held.size <= KEPT) return
      this.#held.delete(old)
    }
  }

  /** Another resource of the same stream: the head of a script, a font. */
  async get(resource: string): Promise<Uint8Array<ArrayBuffer>> {
    const signal = AbortSignal.any([this.#leaving.signal, AbortSignal.timeout(WITHIN_MS)])
    const response = await answered(homeFetch(`${this.#baseUrl()}/${resource}`, { signal }))
    return new Uint8Array(await response.arrayBuffer())
  }

  close(): void {
    this.#leaving.abort()
  }
}
