/** Pure: what came in on an agent's socket, as a message or as the reason to close it politely. */
import * as z from 'zod'
import { AgentMessage, MESSAGE_BYTES, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '#protocol/agent-messages.ts'
import { type Agreement, agreeVersion, type Spoken } from '#protocol/agree-version.ts'
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
const Version = z.object({
  type: z.literal('hello'),
  protocolVersion: z.int(),
  oldestProtocolVersion: z.int().optional(),
})

/** This hub, and an agent by its hello. */
const spokenHere: Spoken = { oldest: OLDEST_PROTOCOL_VERSION, newest: PROTOCOL_VERSION }
export const agreeWith = (
  { protocolVersion, oldestProtocolVersion = protocolVersion }: Omit<z.infer<typeof Version>, 'type'>,
  here = spokenHere,
): Agreement => agreeVersion(here, { oldest: oldestProtocolVersion, newest: protocolVersion })

export function readAgentMessage(data: string | ArrayBuffer): ReadMessage {
  if (typeof data !== 'string') return refused('binary', new AppError('invalid', 'Messages are text.'))
  if (data.length > MESSAGE_BYTES) {
    return refused('too_large', new AppError('too_large', `A message has at most ${MESSAGE_BYTES} bytes.`))
  }
  const json = parseJson(data)
  const hello = Version.safeParse(json)
  if (hello.success) {
    const agreement = agreeWith(hello.data)
    if ('tooOld' in agreement) return refused('version', versionError(agreement.tooOld))
  }
  const message = AgentMessage.safeParse(json)
  if (!message.success)
    return refused('malformed', new AppError('invalid', 'This message is not one that the edge knows.'))
  return { ok: true, message: message.data }
}

const versionError = (tooOld: 'agent' | 'hub'): AppError =>
  new AppError(
    'version_unsupported',
    tooOld === 'agent'
      ? 'This agent is too old for its edge. Install the newest agent on this machine and start it again; its films and its pairing stay.'
      : 'This agent is newer than its edge can speak with. Deploy the newest edge; the agent comes back by itself.',
  )

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
