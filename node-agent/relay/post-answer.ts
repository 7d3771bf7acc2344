/** Posts one answer to the edge, in as many parts as its length needs. */
import { STREAMED_BODY, signRequest } from '#protocol/agent-proof.ts'
import { RELAY_HEAD_HEADER, RELAY_PART_BYTES, RelayHead, type RelayLast, relayPath } from '#protocol/relay.ts'
import type { HttpResponse } from '../http-exchange.ts'
import type { PostPart } from './post-part.ts'
import { splitBody } from './split-body.ts'

export type Signer = {
  agentId: string
  privateKey: Parameters<typeof signRequest>[0]
  /** Epoch seconds by the edge's clock. */
  now: () => number
}

export type PostAnswerOptions = {
  streamId: string
  requestId: string
  response: HttpResponse
  signer: Signer
  post: PostPart
  signal: AbortSignal
  /** What the edge has said: a part of unknown length that is shorter is the last. */
  shortBelow?: number | undefined
  /** For tests; plans cap what one request may carry. */
  partBytes?: number
}

/** Returns how many parts were posted. Rejects when either side has gone; the response's body is closed in any case. */
export async function postAnswer(options: PostAnswerOptions): Promise<number> {
  const { response, shortBelow } = options
  const { status, headers } = response
  const declared = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  const bodyBytes = response.body ? declared : 0
  const mayBeShort = bodyBytes === undefined && shortBelow !== undefined
  const partBytes = mayBeShort ? shortBelow : (options.partBytes ?? RELAY_PART_BYTES)
  const body = splitBody(response.body ?? empty(), partBytes)
  // The answer to a HEAD has the film's length, and no body.
  const headBytes = declared ?? bodyBytes
  const head = encodeHead({ status, headers, ...(headBytes === undefined ? {} : { bodyBytes: headBytes }) })
  try {
    for (let part = 0, sent = 0; ; part++) {
      const length = bodyBytes === undefined ? undefined : Math.min(partBytes, bodyBytes - sent)
      const isLast = bodyBytes === undefined ? part > 0 && (await body.hasEnded()) : sent + (length ?? 0) >= bodyBytes
      const last = isLast ? '1' : mayBeShort ? 'short' : '0'
      await postPart(options, { part, last, length, body: body.next(), head })
      if (isLast || (mayBeShort && body.takenBytes() < partBytes)) return part + 1
      sent += length ?? 0
    }
  } finally {
    await body.close()
  }
}

type OnePart = {
  part: number
  last: RelayLast
  length: number | undefined
  body: AsyncIterable<Uint8Array>
  head: string
}

async function postPart(options: PostAnswerOptions, { part, last, length, body, head }: OnePart): Promise<void> {
  const { streamId, requestId, signer, post, signal } = options
  const path = relayPath(streamId, requestId, part, last)
  const signed = await signRequest(signer.privateKey, {
    agentId: signer.agentId,
    method: 'POST',
    path,
    sentAt: Math.floor(signer.now()),
    bodyDigest: STREAMED_BODY,
  })
  const headers = {
    ...signed,
    'content-type': 'application/octet-stream',
    ...(part === 0 ? { [RELAY_HEAD_HEADER]: head } : {}),
  }
  await post({ path, headers, bodyBytes: length, body }, signal)
}

/** JSON in a header must be ASCII. */
const encodeHead = (head: RelayHead): string =>
  JSON.stringify(RelayHead.parse(head)).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

async function* empty(): AsyncGenerator<Uint8Array> {}
