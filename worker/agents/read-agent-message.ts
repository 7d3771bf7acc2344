/** Pure: what came in on an agent's socket, as a message or as the reason to close it politely. */
import * as z from 'zod'
import { AgentMessage, MESSAGE_BYTES, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '#protocol/agent-messages.ts'
import { AppError } from '#protocol/errors.ts'

/** RFC 6455 §7.4: 1003 unacceptable data, 1007 inconsistent payload, 1008 policy, 1009 too big; 4000 and up are ours. */
export const closeCodes = {
  binary: 1003,
  malformed: 1007,
  too_large: 1009,
  replaced: 4001,
  refused: 4003,
  removed: 4004,
  too_slow: 4008,
  version: 4026,
} as const
export type CloseReason = keyof typeof closeCodes

export type ReadMessage = { ok: true; message: AgentMessage } | { ok: false; reason: CloseReason; error: AppError }

const refused = (reason: CloseReason, error: AppError): ReadMessage => ({ ok: false, reason, error })

/** The version is looked at before the shape: an agent of another version is told so, not that it is malformed. */
const Version = z.object({ type: z.literal('hello'), protocolVersion: z.int() })

export function readAgentMessage(data: string | ArrayBuffer): ReadMessage {
  if (typeof data !== 'string') return refused('binary', new AppError('invalid', 'Messages are text.'))
  if (data.length > MESSAGE_BYTES) {
    return refused('too_large', new AppError('too_large', `A message has at most ${MESSAGE_BYTES} bytes.`))
  }
  const json = parseJson(data)
  const hello = Version.safeParse(json)
  if (hello.success && !isSpoken(hello.data.protocolVersion)) return refused('version', versionError())
  const message = AgentMessage.safeParse(json)
  if (!message.success)
    return refused('malformed', new AppError('invalid', 'This message is not one that the edge knows.'))
  return { ok: true, message: message.data }
}

const isSpoken = (version: number): boolean => version >= OLDEST_PROTOCOL_VERSION && version <= PROTOCOL_VERSION

const versionError = (): AppError =>
  new AppError(
    'version_unsupported',
    `The edge speaks protocol versions ${OLDEST_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}. Please update the agent or the edge.`,
  )

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
