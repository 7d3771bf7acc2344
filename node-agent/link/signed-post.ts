/** JSON requests to the edge that carry the agent's signature instead of a credential. */
import { digestBody, signRequest } from '#protocol/agent-proof.ts'
import { AppError, ErrorBody } from '#protocol/errors.ts'
import { parseJson } from '../parse-json.ts'
import type { IdentityKey } from './identity-key.ts'

export type SignedPost = (path: string, body: unknown, signal: AbortSignal) => Promise<unknown>

/** Resolves with the answer's JSON, undefined where there is none. Rejects with the edge's own error, or `internal` when it answered something else. `now` is the edge's clock. */
export function createSignedPost(options: {
  edgeUrl: string
  agentId: string
  key: IdentityKey
  now: () => number
  fetch: typeof fetch
}): SignedPost {
  const { edgeUrl, agentId, key } = options
  return async (path, body, signal) => {
    const text = JSON.stringify(body)
    const parts = {
      agentId,
      method: 'POST',
      path,
      sentAt: Math.floor(options.now()),
      bodyDigest: await digestBody(text),
    }
    const response = await options.fetch(`${edgeUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await signRequest(key.privateKey, parts)) },
      body: text,
      redirect: 'error',
      signal,
    })
    const answer = await response.text()
    if (response.ok) return parseJson(answer)
    const refusal = ErrorBody.safeParse(parseJson(answer)).data?.error
    if (refusal) throw new AppError(refusal.code, refusal.message)
    throw new AppError('internal', `The edge answered ${response.status} to ${path}.`)
  }
}
