/** One viewer's request and its answer: a head, then parts piped in order into one body. */
import { AppError } from '#protocol/errors.ts'
import { RELAY_PART_BYTES, type RelayHead, type RelayPart } from '#protocol/relay.ts'
import { answerHeaders } from './answer-headers.ts'
import { pump } from './pump.ts'

/** RFC 9110 §6.4.1: these have no body, whatever was sent. */
const bodiless = new Set([204, 205, 304])

/** How the bytes of a part pass: in what pieces, and what each of them waits for. */
export type Pace = { pieceBytes: number; before: (bytes: number) => Promise<void> | undefined }

export type Exchange = {
  /** The response for the viewer, once the agent's first part is there; rejects when none comes. */
  answered: Promise<Response>
  /** No answer will come: the viewer gets the refusal, or a body that breaks off when it has begun. */
  fail: (error: AppError) => void
  /** Throws `conflict` out of order, `invalid` when the first part has no head. */
  checkTurn: (part: RelayPart, head: RelayHead | undefined) => void
  /** Pipes the part whose turn it is. Resolves with whether it was the last; rejects when either side goes away. */
  pipe: (part: RelayPart, head: RelayHead | undefined, body: ReadableStream | null, pace: Pace) => Promise<boolean>
}

export function newExchange(method: string, correlationId: string): Exchange {
  const answer = Promise.withResolvers<Response>()
  // Read by the viewer's handler; when that has gone, nobody need hear of it.
  answer.promise.catch(() => undefined)
  let writable: WritableStream | undefined
  let nextPart = 0
  let isBusy = false

  const begin = (head: RelayHead): void => {
    const headers = answerHeaders(head, correlationId)
    // The answer to HEAD has no body, and says how long that of GET would be.
    const length = method === 'HEAD' ? lengthOf(head) : head.bodyBytes
    if (length !== undefined && !bodiless.has(head.status)) headers.set('content-length', String(length))
    if (method === 'HEAD' || bodiless.has(head.status)) {
      answer.resolve(new Response(null, { status: head.status, headers }))
      return
    }
    // A known length gives the viewer its Content-Length, and makes an answer that breaks off be seen as such.
    const pipe = head.bodyBytes === undefined ? new IdentityTransformStream() : new FixedLengthStream(head.bodyBytes)
    writable = pipe.writable
    answer.resolve(new Response(pipe.readable, { status: head.status, headers }))
  }

  return {
    answered: answer.promise,
    fail(error) {
      answer.reject(error)
      if (!isBusy) writable?.abort(error).catch(() => undefined)
    },
    checkTurn({ part }, head) {
      if (part !== nextPart || isBusy) throw new AppError('conflict', 'Parts come one after another, each once.')
      if (part === 0 && !head) throw new AppError('invalid', 'The first part carries status and headers.')
    },
    async pipe({ part, last }, head, body, pace) {
      nextPart++
      isBusy = true
      try {
        if (head && part === 0) begin(head)
        return await pipePart(body, writable, last, pace)
      } finally {
        isBusy = false
      }
    },
  }
}

function lengthOf({ headers, bodyBytes }: RelayHead): number | undefined {
  const said = new Headers(headers).get('content-length')
  return said !== null && /^\d{1,15}$/.test(said) ? Number(said) : bodyBytes
}

async function pipePart(
  body: ReadableStream | null,
  writable: WritableStream | undefined,
  last: RelayPart['last'],
  { pieceBytes, before }: Pace,
): Promise<boolean> {
  if (!writable) await body?.cancel()
  const bytes = body && writable ? await pump(body, writable, pieceBytes, before) : 0
  const isLast = last === '1' || (last === 'short' && bytes < RELAY_PART_BYTES)
  if (isLast) await writable?.close()
  return isLast
}
