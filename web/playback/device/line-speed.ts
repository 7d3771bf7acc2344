/** How fast this line was in films seen lately, kept in this browser: a first guess for the next film's plan. */
import * as z from 'zod'

const KEY = 'porchlight.line'
/** A phone changes networks; what is older than this says nothing of today's. */
const GOOD_FOR_MS = 12 * 3600 * 1000
/** Smaller answers say more about the wait for the first byte than about the line. */
const LEAST_BYTES = 200_000
const NEW_SHARE = 0.3

const Line = z.object({ bytesPerSecond: z.number().positive(), atMs: z.number() })
export type Line = z.infer<typeof Line>

/** `seconds` is from the first byte to the last: the time home needs to make a segment is no part of the line. */
export type Transfer = { bytes: number; seconds: number; nowMs: number }

/** Pure: what is known after one more transfer; undefined while nothing is. */
export function learnLine(known: Line | undefined, { bytes, seconds, nowMs }: Transfer): Line | undefined {
  if (bytes < LEAST_BYTES || !(seconds > 0)) return known
  const measured = bytes / seconds
  const bytesPerSecond = known ? known.bytesPerSecond * (1 - NEW_SHARE) + measured * NEW_SHARE : measured
  return { bytesPerSecond, atMs: nowMs }
}

/** Undefined when nothing was measured lately. */
export function knownLine(nowMs: number): Line | undefined {
  try {
    const line = Line.parse(JSON.parse(localStorage.getItem(KEY) ?? ''))
    return nowMs - line.atMs <= GOOD_FOR_MS ? line : undefined
  } catch {
    return undefined
  }
}

export function noteTransfer(transfer: Transfer): void {
  const line = learnLine(knownLine(transfer.nowMs), transfer)
  if (!line) return
  try {
    localStorage.setItem(KEY, JSON.stringify(line))
  } catch {
    // Full or forbidden: the next film is planned without a guess.
  }
}
