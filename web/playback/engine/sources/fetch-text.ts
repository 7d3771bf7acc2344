/** A playlist on its way from home. */
import { homeFetch } from '../../transports/ways-home.ts'
import { Refused } from './transfer.ts'

/** `times` by the page's clock; 0 while it has not come to that. `text` rejects with Refused, or with what fetching does. */
export type TextOnItsWay = {
  text: Promise<string>
  times: { startedMs: number; firstMs: number; endMs: number }
  abort: () => void
}

export function fetchText(url: string): TextOnItsWay {
  const leaving = new AbortController()
  const times = { startedMs: performance.now(), firstMs: 0, endMs: 0 }
  const read = async () => {
    const response = await homeFetch(url, { signal: leaving.signal })
    times.firstMs = performance.now()
    const text = await response.text()
    if (!response.ok) throw new Refused(response, text)
    times.endMs = performance.now()
    return text
  }
  return { text: read(), times, abort: () => leaving.abort() }
}
