/** What crosses a call into the hub: plain data and one callback, because `instanceof` does not survive it. */
import type { Capabilities } from '#protocol/capabilities.ts'
import type { ErrorData } from '#protocol/errors.ts'
import type { OpenStage } from '#protocol/stream-status.ts'
import type { AgentMode, AgentProblem } from './standing.ts'

/** The value is JSON; ask-agent.ts parses it by its kind. */
export type HubAnswer = { ok: true; json: string } | { ok: false; error: ErrorData }

/** `id` is the caller's, so that it can cancel what it asked. */
export type AskOptions = { id: string; deadlineSeconds: number; correlationId: string }

/** Called for each stage of an `open`. */
export type OnStage = (stage: OpenStage, peers: number) => void

/** `mode` and `problem` are known of an agent that is away too. `isOld`: it works, and would do more if it were updated. */
export type Presence = { mode: AgentMode; problem?: AgentProblem | undefined } & (
  | { online: false }
  | { online: true; publicKey: string; capabilities: Capabilities; isOld: boolean }
)

/** Who the Worker says the agent is, in a header that only the Worker can set. */
export const IDENTITY_HEADER = 'x-hub-identity'
