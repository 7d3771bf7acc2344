/** Asks a provider through the guard, and notes whether it answered. */
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import type { ExternalWay, WayMoment } from './external-way.ts'
import { guardedFetch, unavailable } from './guarded-fetch.ts'
import { isHealthy, noteAnswer } from './way-health.ts'

/** Constant for each way (RFC 9700 §2.1): what the operator registers with the provider. */
export const redirectUriOf = (edge: Pick<Edge, 'appOrigin'>, wayId: string): string =>
  `${edge.appOrigin}/api/auth/oauth/callback/${wayId}`

/** Throws `way_unavailable` at once while the way rests (way-health.ts), and whatever `work` throws. */
export async function askProvider<Value>(
  edge: Edge,
  way: ExternalWay,
  work: (moment: WayMoment) => Promise<Value>,
): Promise<Value> {
  if (!isHealthy(way.id, edge.nowMs)) throw unavailable()
  const isLocalAllowed = edge.env.LOCAL_UPSTREAMS === 'on'
  const moment = {
    env: edge.env,
    fetch: guardedFetch({ fetch: (url, init) => fetch(url, init), isLocalAllowed, ports: way.ports ?? [] }),
    now: edge.now,
    redirectUri: redirectUriOf(edge, way.id),
  }
  try {
    const value = await work(moment)
    noteAnswer(way.id, true, edge.nowMs)
    return value
  } catch (error) {
    const isDown = error instanceof AppError && error.code === 'way_unavailable'
    noteAnswer(way.id, !isDown, edge.nowMs)
    if (isDown)
      log('warn', 'way_unavailable', { correlationId: edge.correlationId, reason: way.id, error: error.cause })
    throw error
  }
}
