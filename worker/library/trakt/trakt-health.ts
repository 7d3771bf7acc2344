/** A rest for Trakt: after three failures in a row nobody of this isolate asks it for half a minute. */
import { afterFailure, isClosed } from '../../auth/ways/way-health.ts'

type Circuit = Parameters<typeof isClosed>[0]

/** By origin. Of this isolate, as in way-health.ts and for its reason. */
const circuits = new Map<string, Circuit>()

export const isTraktUp = (origin: string, nowMs: number): boolean => isClosed(circuits.get(origin), nowMs)

export function noteTrakt(origin: string, isAnswered: boolean, nowMs: number): void {
  if (isAnswered) circuits.delete(origin)
  else circuits.set(origin, afterFailure(circuits.get(origin), nowMs))
}
