/** `GET /api/stream/:token/status`: peers, speed and what is on disk, as server-sent events (WHATWG HTML §9.2). */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamStatus } from '#protocol/stream-status.ts'

const EVERY_MILLISECONDS = 1000
/** A comment keeps proxies from taking a quiet stream for a dead one. */
const HEARTBEAT_MILLISECONDS = 10_000

export const statusHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** The status now, then whenever it has changed, looked at once a second; ends when the signal aborts. */
export async function* statusEvents(
  status: () => StreamStatus,
  signal: AbortSignal,
  everyMilliseconds = EVERY_MILLISECONDS,
  heartbeatMilliseconds = HEARTBEAT_MILLISECONDS,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let told = ''
  let toldAt = 0
  while (!signal.aborted) {
    const text = JSON.stringify(status())
    const now = performance.now()
    if (text !== told) {
      told = text
      toldAt = now
      yield encoder.encode(`data: ${text}\n\n`)
    } else if (now - toldAt >= heartbeatMilliseconds) {
      toldAt = now
      yield encoder.encode(': still here\n\n')
    }
    await sleep(everyMilliseconds, undefined, { signal }).catch(() => {})
  }
}
