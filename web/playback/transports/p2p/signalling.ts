/** How the two ends of a data channel find each other: the edge carries an offer, its answer and candidates. */
import { P2pChanged, P2pOpened } from '#protocol/p2p-signalling.ts'
import { session } from '../../../auth/current-session.ts'
import { answered } from '../../../failure.ts'

export type Signalling = {
  /** Throws the edge's refusal, or Unreachable. */
  offer(sdp: string, signal: AbortSignal): Promise<P2pOpened>
  /** Tells candidates that were found since; gives those that home has found since. */
  change(connectionId: string, candidates: string[], signal: AbortSignal): Promise<P2pChanged>
  /** Never throws: home notices by itself, later. */
  end(connectionId: string): void
}

export function signallingOf(streamId: string): Signalling {
  const path = `/api/streams/${streamId}/p2p`
  const send = (method: string, beneath: string, body: unknown, signal?: AbortSignal) =>
    answered(
      session.fetch(`${path}${beneath}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        ...(signal && { signal }),
      }),
    )
  return {
    offer: async (offer, signal) => P2pOpened.parse(await (await send('POST', '', { offer }, signal)).json()),
    change: async (connectionId, candidates, signal) =>
      P2pChanged.parse(await (await send('PATCH', `/${connectionId}`, { candidates }, signal)).json()),
    end: (connectionId) => void send('DELETE', `/${connectionId}`, undefined).catch(() => undefined),
  }
}
