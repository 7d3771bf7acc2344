/** `GET /api/stream/:token/status`: peers, speed and what is on disk, as server-sent events (WHATWG HTML §9.2). */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamStatus } from '#protocol/stream-status.ts'

const EVERY_MILLISECONDS = 1000
/** Said in each status: a player that hears nothing for longer knows that the line is gone, long before TCP does. */
export const STATUS_BEAT_SECONDS = 1

export const statusHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** Pure: what the file says, and what its home does. A file that is complete waits for no VPN. */
export const statusTold = (
  status: StreamStatus,
  { isLeaving, isVpnDown }: { isLeaving: boolean; isVpnDown: boolean },
): StreamStatus => ({
  ...{ ...status, beatSeconds: STATUS_BEAT_SECONDS },
  ...(isLeaving && { isLeaving: true }),
  ...(isVpnDown && status.state !== 'complete' && { waiting: 'vpn' }),
})

/** The status now, then once a second, changed or not; ends when the signal aborts. */
export async function* statusEvents(
  status: () => StreamStatus,
  signal: AbortSignal,
  everyMilliseconds = EVERY_MILLISECONDS,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  while (!signal.aborted) {
    yield encoder.encode(`data: ${JSON.stringify(status())}\n\n`)
    await sleep(everyMilliseconds, undefined, { signal }).catch(() => {})
  }
}
