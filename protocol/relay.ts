/** The relay's HTTP side: how an agent hands the edge the answer that a viewer waits for. */
import * as z from 'zod'

/**
 * Most that one POST carries. Cloudflare's plans cap a request body at 100 MB; a longer answer goes in several
 * POSTs, numbered from 0, which the Relay object pipes one after another into the same response.
 */
export const RELAY_PART_BYTES = 64 * 1024 * 1024
/** How long a viewer's request waits for the agent's first POST. */
export const RELAY_ANSWER_SECONDS = 10

/** Header of the first part (number 0): the status and headers of the answer, as JSON. */
export const RELAY_HEAD_HEADER = 'x-relay-head'

export const RelayHead = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z.record(z.string().max(64), z.string().max(2048)),
  /** Length of the whole body over all parts; undefined for a body that runs until it ends (the event stream). */
  bodyBytes: z.int().nonnegative().optional(),
})
export type RelayHead = z.infer<typeof RelayHead>

/**
 * `1`: no further part follows. `short`: none does if this one turns out shorter than RELAY_PART_BYTES; for an answer
 * whose length nobody knows before its end, and only to an edge that has said `shortBelow`.
 */
const Last = z.enum(['0', '1', 'short'])
export type RelayLast = z.infer<typeof Last>

/** Where part `part` of an answer is posted. */
export const relayPath = (streamId: string, requestId: string, part: number, last: RelayLast): string =>
  `/api/relay/${streamId}/${requestId}?part=${part}&last=${last}`

export const RelayPart = z.object({ part: z.coerce.number().int().min(0).max(100_000), last: Last })
export type RelayPart = z.infer<typeof RelayPart>
