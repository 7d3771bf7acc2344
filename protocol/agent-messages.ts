/** Every message between the hub and an agent: discriminated unions, parsed at both doors. */
import * as z from 'zod'
import { AgentRequest } from './agent-requests.ts'
import { AgentLoad, Capabilities } from './capabilities.ts'
import { CorrelationId } from './correlation.ts'
import { ErrorData } from './errors.ts'
import { VerificationKey } from './pairing.ts'
import { OpenStage } from './stream-status.ts'

const id = z.string().min(1).max(64)

/** Raised only when an older agent would misread what is sent; a new optional field does not raise it. */
export const PROTOCOL_VERSION = 1
/** The oldest version the hub still speaks. */
export const OLDEST_PROTOCOL_VERSION = 1
/** A message over this is refused with 1009 before it is parsed. */
export const MESSAGE_BYTES = 1024 * 1024
/** Sent as text by the agent, answered by the runtime without waking the hub. */
export const PING = 'ping'
export const PONG = 'pong'
export const PING_EVERY_SECONDS = 25

// ── hub → agent ──

export const HubMessage = z.discriminatedUnion('type', [
  /** First message on every socket: sign this. */
  z.object({ type: z.literal('challenge'), nonce: z.string().min(20).max(64), edgeTime: z.int() }),
  /** The proof was good. Keys and revocations replace what the agent knew. Times are epoch seconds. */
  z.object({
    type: z.literal('welcome'),
    protocolVersion: z.int(),
    edgeTime: z.int(),
    verificationKeys: z.array(VerificationKey).min(1).max(8),
    revokedStreams: z.array(id).max(5000),
    /** The one browser origin that may read media from this agent. */
    appOrigin: z.url(),
  }),
  /** Refused: told why, then the socket closes. */
  z.object({ type: z.literal('refused'), error: ErrorData }),
  z.object({
    type: z.literal('request'),
    id,
    deadlineSeconds: z.number().positive().max(120),
    correlationId: CorrelationId,
    request: AgentRequest,
  }),
  /** Whoever asked has left: stop working on it. No reply is expected any more. */
  z.object({ type: z.literal('cancel'), id }),
])
export type HubMessage = z.infer<typeof HubMessage>

// ── agent → hub ──

export const AgentMessage = z.discriminatedUnion('type', [
  /** Answers the challenge with a signature over `connectProof`. */
  z.object({
    type: z.literal('hello'),
    /** The newest that the agent speaks. */
    protocolVersion: z.int(),
    /** The oldest that it speaks, when that is another: a hub that is older than the agent may then agree to less. */
    oldestProtocolVersion: z.int().optional(),
    sentAt: z.int(),
    signature: z.string().max(128),
    capabilities: Capabilities,
  }),
  /** Sent when something of the capabilities changed; never as a heartbeat. */
  z.object({ type: z.literal('changed'), capabilities: Capabilities }),
  /** How far an `open` is; any number of these may come before its reply. */
  z.object({ type: z.literal('stage'), id, stage: OpenStage, peers: z.int().nonnegative() }),
  /** The one reply to a request. `value` is parsed again by its kind (`agentReplies`). */
  z.object({
    type: z.literal('reply'),
    id,
    ok: z.literal(true),
    value: z.unknown(),
    load: AgentLoad.optional(),
  }),
  z.object({ type: z.literal('failed'), id, error: ErrorData }),
])
export type AgentMessage = z.infer<typeof AgentMessage>
