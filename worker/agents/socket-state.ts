/** What the hub remembers of a socket while it sleeps: it rides on the socket itself (16 KiB at most). */
import * as z from 'zod'
import { Capabilities } from '#protocol/capabilities.ts'

/** Who the route said this agent is, from D1, and where both sides met. */
export const Identity = z.object({
  agentId: z.string(),
  publicKey: z.string(),
  hubHost: z.string(),
  appOrigin: z.string(),
})
export type Identity = z.infer<typeof Identity>

export const SocketState = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('challenged'), identity: Identity, nonce: z.string(), openedAtMs: z.number() }),
  z.object({
    stage: z.literal('proven'),
    identity: Identity,
    capabilities: Capabilities,
    /** Absent of a socket from before these were kept. */
    provenAtMs: z.number().optional(),
    isAgentOld: z.boolean().optional(),
  }),
  /** Told to go; nothing it still says counts. */
  z.object({ stage: z.literal('closing') }),
])
export type SocketState = z.infer<typeof SocketState>

/** Leaves room for the rest: a socket's state has 16 KiB, and a character of JSON may take several bytes. */
export const isTooLong = (capabilities: Capabilities): boolean => JSON.stringify(capabilities).length > 4000

/** An agent pings every 25 s and gives its line up by itself: after so long without one it is gone, whatever TCP says. */
const SILENT_AFTER_MS = 75_000

/** Pure. `pingedAtMs` is when the runtime last answered a ping, of which the hub is not told. */
export const isSilent = (
  { provenAtMs }: Extract<SocketState, { stage: 'proven' }>,
  pingedAtMs: number | undefined,
  nowMs: number,
): boolean => provenAtMs !== undefined && nowMs - Math.max(provenAtMs, pingedAtMs ?? 0) >= SILENT_AFTER_MS

export const stateOf = (socket: WebSocket): SocketState => {
  const parsed = SocketState.safeParse(socket.deserializeAttachment())
  return parsed.success ? parsed.data : { stage: 'closing' }
}

export const setState = (socket: WebSocket, state: SocketState): void => socket.serializeAttachment(state)
