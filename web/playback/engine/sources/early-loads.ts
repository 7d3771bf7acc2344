/** What a player loads first, fetched before hls.js asks for it: at once, and not one piece after another. */
import { fetchText, type TextOnItsWay } from './fetch-text.ts'
import { beginTransfer, type Transfer } from './transfer.ts'

const early = new Map<string, TextOnItsWay>()
const segments = new Map<string, Transfer>()

/** A playlist. Throws what `fetchText` throws; hls.js then has it asked for again, and that failure says why. */
export function fetchEarly(url: string): Promise<string> {
  const one = fetchText(url)
  early.set(url, one)
  one.text.catch(() => early.get(url) === one && early.delete(url))
  return one.text
}

export function takeEarly(url: string): TextOnItsWay | undefined {
  const taken = early.get(url)
  early.delete(url)
  return taken
}

export function fetchEarlySegment(url: string): void {
  if (!segments.has(url)) segments.set(url, beginTransfer(url))
}

/** What is on its way already, once. */
export function takeEarlySegment(url: string): Transfer | undefined {
  const taken = segments.get(url)
  segments.delete(url)
  return taken
}

/** What nobody has taken, nor will. */
export function forgetEarly(isKept: (url: string) => boolean): void {
  for (const loads of [early, segments]) {
    for (const [url, { abort }] of loads) {
      if (isKept(url)) continue
      abort()
      loads.delete(url)
    }
  }
}
