/** Looks after the ways home while a film plays: climbs to what is better once it answers again, and keeps a spare ready. */
import type { Transport } from '#protocol/stream-url.ts'
import { isRested, spareFor, type WayRecord, worthTrying } from './when-to-try.ts'

type Ways = {
  offered: ReadonlySet<Transport>
  records: ReadonlyMap<Transport, WayRecord>
  nowMs: number
  /** Asks it now. */
  answers: (transport: Transport) => Promise<boolean>
  /** It would carry a request at once. */
  isReady: (transport: Transport) => boolean
}

/** The better way that answers, or else what stands ready beside `current`. */
export async function tendWays(
  current: Transport,
  { offered, records, nowMs, answers, isReady }: Ways,
): Promise<{ better?: Transport; spare?: Transport | undefined }> {
  for (const better of worthTrying(current, offered, records, nowMs)) if (await answers(better)) return { better }
  const spare = spareFor(current, offered, records, nowMs)
  if (spare && !isReady(spare) && isRested(records.get(spare), nowMs)) await answers(spare)
  return { spare: spare && isReady(spare) ? spare : undefined }
}
