/** What the edge says when it refuses an upgrade or a request: its error, or nothing when that is not ours to read. */
import { ErrorBody, type ErrorData } from '#protocol/errors.ts'

/** More than any error of ours needs. */
const MOST_BYTES = 16 * 1024

/** Undefined for an answer that does not come from a Porchlight edge (a proxy's page, say). Never rejects. */
export async function readRefusal(response: AsyncIterable<Uint8Array>): Promise<ErrorData | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response) {
      length += chunk.length
      if (length > MOST_BYTES) return undefined
      chunks.push(chunk)
    }
    return ErrorBody.safeParse(JSON.parse(Buffer.concat(chunks).toString())).data?.error
  } catch {
    return undefined
  }
}
