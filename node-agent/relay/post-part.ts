/** One POST to the edge whose body streams at the edge's pace (node:http, because fetch buffers what it uploads). */
import { once } from 'node:events'
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { AppError } from '#protocol/errors.ts'
import { writeThrough } from '../write-through.ts'

export type Part = {
  /** Path and query, as signed. */
  path: string
  headers: Record<string, string>
  /** Undefined for a part whose length nobody knows yet: it goes in chunks. */
  bodyBytes: number | undefined
  body: AsyncIterable<Uint8Array>
}

/** Resolves when the edge has taken the part. Rejects with the signal's reason, or when the edge refuses or is gone. */
export type PostPart = (part: Part, signal: AbortSignal) => Promise<void>

/** Longest silence of the edge after the whole part was sent, in milliseconds. */
const ANSWER_MILLISECONDS = 60_000

/**
 * Connections to the edge are kept for the next part. `forgetIdle` lets go of those that nobody uses: they may lead
 * nowhere since the line to the edge was another one, and whoever took one up would wait for TCP to find out.
 */
export function createPostPart(edgeUrl: string): PostPart & { forgetIdle(): void; close(): void } {
  const isSecure = edgeUrl.startsWith('https:')
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const send = isSecure ? httpsRequest : httpRequest
  const post: PostPart = async ({ path, headers, bodyBytes, body }, signal) => {
    signal.throwIfAborted()
    const request = send(`${edgeUrl}${path}`, {
      method: 'POST',
      agent,
      signal,
      headers: {
        ...headers,
        ...(bodyBytes === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bodyBytes) }),
      },
    })
    // The edge waits for status and headers, however long the first byte of the film takes.
    request.flushHeaders()
    const answered = once(request, 'response') as Promise<[IncomingMessage]>
    answered.catch(() => {})
    try {
      const isComplete = await write(request, body)
      request.setTimeout(ANSWER_MILLISECONDS, () => request.destroy(new Error('the edge did not answer')))
      const [response] = await answered
      response.resume()
      await once(response, 'end')
      const { statusCode = 500 } = response
      if (statusCode >= 300 || !isComplete) throw new AppError('timed_out', `The edge ended the relay (${statusCode}).`)
    } catch (error) {
      request.destroy()
      signal.throwIfAborted()
      throw error
    }
  }
  const forgetIdle = () => {
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
  }
  return Object.assign(post, { forgetIdle, close: () => agent.destroy() })
}

/** False when it stopped early: the connection is gone, or the edge has answered and does not want the rest. */
async function write(request: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<boolean> {
  let isOver = false
  let goOn = () => {}
  for (const event of ['close', 'response']) {
    request.once(event, () => {
      isOver = true
      goOn()
    })
  }
  for await (const bytes of body) {
    if (isOver) return false
    await new Promise<void>((resolve) => {
      goOn = resolve
      writeThrough(request, bytes).then(resolve)
    })
  }
  request.end()
  return true
}
