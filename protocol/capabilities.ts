/** What an agent tells of itself: what it can do, where it is reached, and how it is. */
import * as z from 'zod'

/** Whether the swarm may run at home (the VPN guard), and why. Times are epoch seconds by the agent's clock. */
export const VpnStatus = z.object({
  policy: z.enum(['required', 'preferred', 'off']),
  /** `up`: it runs, and all is well. `down`: nothing of a swarm or an index leaves. */
  state: z.enum(['up', 'down', 'unknown']),
  /** Why, as a word that the web app has a sentence for, such as `not_protected`. */
  reason: z.string().max(40).optional(),
  since: z.int().nonnegative().optional(),
  /** The interface or address that everything is bound to. */
  boundTo: z.string().max(64).optional(),
  /** The system itself keeps that address to its interface; absent where nobody can say. */
  hasKernelRule: z.boolean().optional(),
  /** How it came to this, newest first. */
  history: z
    .array(z.object({ at: z.int().nonnegative(), isOpen: z.boolean(), reason: z.string().max(40) }))
    .max(10)
    .optional(),
})
export type VpnStatus = z.infer<typeof VpnStatus>

/** How much an agent does now, and how much it takes on at most. */
export const AgentLoad = z.object({
  /** Streams that somebody watches. */
  streams: z.int().nonnegative(),
  mostStreams: z.int().positive(),
  /** Pictures being made by ffmpeg. */
  makings: z.int().nonnegative(),
  mostMakings: z.int().nonnegative(),
})
export type AgentLoad = z.infer<typeof AgentLoad>

/**
 * The certificate that an agent got by ACME, and what keeps it from a newer one, as a word that the web app has a
 * sentence for. Times are epoch seconds.
 */
export const CertificateStatus = z.object({
  state: z.enum(['held', 'none']),
  expiresAt: z.int().nonnegative().optional(),
  problem: z.string().max(40).optional(),
  retryAt: z.int().nonnegative().optional(),
})
export type CertificateStatus = z.infer<typeof CertificateStatus>

/** What an agent can do, told on connect. */
export const Capabilities = z.object({
  name: z.string().max(60),
  softwareVersion: z.string().max(32),
  /** Origins where the agent's own HTTP handler can be reached, best first, e.g. `http://127.0.0.1:8788`. */
  addresses: z.array(z.url()).max(16),
  /** False when the agent cannot post bodies to the edge. */
  relay: z.boolean(),
  /** It answers over data channels. An agent that does not say so is sent no request of that kind. */
  p2p: z.boolean().optional(),
  ffmpeg: z.boolean(),
  vpn: VpnStatus,
  disk: z.object({ freeBytes: z.int().nonnegative(), usedBytes: z.int().nonnegative() }),
  /** Absent when the agent is not to have one of its own. */
  certificate: CertificateStatus.optional(),
  /** As of this message; what came with a reply since is newer. Absent: an agent that does not count. */
  load: AgentLoad.optional(),
  /** Another at each start: tells an agent that came back from two that share one key. */
  instanceId: z.string().max(32).optional(),
  /** It is about to stop: nothing new, and what plays goes on elsewhere. */
  isLeaving: z.boolean().optional(),
  /** Kinds of request that older agents do not know: such a kind is sent only where it is named here. */
  alsoAnswers: z.array(z.string().max(40)).max(50).optional(),
})
export type Capabilities = z.infer<typeof Capabilities>
