/** What a frame from the hub says: a message, a request that is too new for us, or nothing we accept. Pure. */
import * as z from 'zod'
import { HubMessage } from '#protocol/agent-messages.ts'
import { parseJson } from '../parse-json.ts'

export type ReadHubMessage =
  | { ok: true; message: HubMessage }
  /** A request of a kind this agent does not know: refused by its id, the socket stays. */
  | { ok: false; requestId: string }
  /** Not a message at all: the socket closes with this code (RFC 6455 §7.4.1). */
  | { ok: false; closeCode: 1007 | 1008; reason: string }

const AnyRequest = z.object({
  type: z.literal('request'),
  id: z.string().min(1).max(64),
  request: z.object({ kind: z.string() }),
})

export function readHubMessage(text: string): ReadHubMessage {
  const json = parseJson(text)
  if (json === undefined) return { ok: false, closeCode: 1007, reason: 'not JSON' }
  const parsed = HubMessage.safeParse(json)
  if (parsed.success) return { ok: true, message: parsed.data }
  const request = AnyRequest.safeParse(json)
  if (request.success) return { ok: false, requestId: request.data.id }
  return { ok: false, closeCode: 1008, reason: 'not a message of this protocol' }
}
