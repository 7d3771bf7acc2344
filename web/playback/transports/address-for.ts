/** The address that a player is given: the stream's own for this page, or the real one where the browser reads by itself. */
import type { PlayPlan } from '#protocol/play-plan.ts'
import { hlsWayHere } from '../device/device-profile.ts'
import { isServiceWorkerThere, joinServiceWorker } from './service-worker/join-service-worker.ts'
import type { WayHome } from './way-home.ts'

/** The first frames have the line and the processor to themselves: joined in the third second, it cost up to an eighth of them. */
const JOIN_LATER_MS = 20_000

/**
 * hls.js loads through this page, so that its requests may change their way at any time. A video element reads a direct
 * address and the relay's itself, which costs least, and a data channel through the service worker, where there is one. What a browser
 * plays of HLS by itself does not pass a service worker.
 */
export async function addressFor(way: WayHome, plan: PlayPlan, signal: AbortSignal): Promise<string> {
  const isHls = plan.resource !== undefined
  const hls = isHls ? await hlsWayHere() : undefined
  if (isHls && hls !== 'native') return way.url
  if (isHls) way.leaveOut('p2p')
  else if (way.transport !== 'p2p') setTimeout(() => signal.aborted || void joinServiceWorker(), JOIN_LATER_MS)
  const real = way.transport && way.realUrl(way.transport)
  if (way.transport !== 'p2p' && real !== undefined) return real
  if (!isHls && (isServiceWorkerThere() || (await joinServiceWorker()))) return way.url
  signal.throwIfAborted()
  if (way.transport !== 'p2p') return real ?? way.url
  way.leaveOut('p2p')
  const instead = await way.choose(signal)
  return way.realUrl(instead) ?? way.url
}
