/** A segment on its way: its bytes are handed on as they come, all that have come before included. */
import { homeFetch } from '../../transports/ways-home.ts'

export type Transfer = {
  /** By the page's clock; 0 while it has not come to that. */
  readonly times: { startedMs: number; firstMs: number; endMs: number }
  readonly loadedBytes: number
  /** Resolves with the answer once all bytes have come. Rejects with Refused, or with what fetching does. */
  readonly ended: Promise<Response>
  /** Calls `onBytes` with what there is and then with what comes; one at a time may listen. */
  listen(onBytes: (bytes: Uint8Array<ArrayBuffer>) => void): void
  abort(): void
}

/** Home answered, and it was no segment. `body` says why, as home words it. */
export class Refused extends Error {
  readonly response: Response
  readonly body: string

  constructor(response: Response, body: string) {
    super(`${response.status}`)
    this.response = response
    this.body = body
  }
}

export function beginTransfer(url: string): Transfer {
  const leaving = new AbortController()
  const times = { startedMs: performance.now(), firstMs: 0, endMs: 0 }
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let loadedBytes = 0
  let hear = (bytes: Uint8Array<ArrayBuffer>): void => void waiting.push(bytes)
  const run = async (): Promise<Response> => {
    const response = await homeFetch(url, { signal: leaving.signal })
    times.firstMs = performance.now()
    if (!response.ok) throw new Refused(response, await response.text())
    const reader = response.body?.getReader()
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      loadedBytes += read.value.length
      hear(read.value)
    }
    times.endMs = performance.now()
    return response
  }
  const ended = run()
  // Whoever has left does not hear of it.
  ended.catch(() => undefined)
  return {
    ...{ times, ended },
    get loadedBytes() {
      return loadedBytes
    },
    listen(onBytes) {
      const before = waiting
      waiting = []
      hear = onBytes
      for (const bytes of before) onBytes(bytes)
    },
    abort: () => leaving.abort(),
  }
}

/** Pure. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
