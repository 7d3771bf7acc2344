/** One request of a viewer's, answered by the agent's own handler over the lane that it came on. */
import { AppError, toErrorData } from '#protocol/errors.ts'
import { encodeToViewer, LANE_BODY_BYTES, type LaneRequest, type ToViewer } from '#protocol/p2p.ts'
import type { HttpHandle, HttpResponse } from '../http-exchange.ts'
import type { Log } from '../log.ts'

/** Sent and not yet taken by the transport, for one lane: that has a buffer of its own, and a seek waits for both. */
export const HIGH_WATER_BYTES = 128 * 1024

/** A data channel, as far as a lane needs it. */
export type LaneChannel = {
  /** The bytes are copied before it returns. Throws when the channel is closed. */
  send(message: Uint8Array): void
  /** Bytes that were sent and have not left this machine. */
  bufferedAmount(): number
}

export type AnswerOptions = {
  channel: LaneChannel
  /** The connection was made for this stream, and answers no other. */
  streamId: string
  handle: HttpHandle
  log: Log
}

export type Answering = {
  /** The reader has taken so many bytes. Throws `invalid` when it was never sent as many. */
  credit(bytes: number): void
  /** Nobody reads any more: the handler's read ends, and nothing more is said. */
  cancel(reason: AppError): void
  /** Whatever it waits for may have come. */
  wake(): void
}

/** `over` is called once, when nothing of it runs any more. */
export function answerOverLane(
  id: number,
  { method, path, headers, windowBytes }: LaneRequest,
  { channel, handle, streamId, log }: AnswerOptions,
  over: () => void,
): Answering {
  const abort = new AbortController()
  const { signal } = abort
  let left = windowBytes
  let wake = () => {}
  let isSilent = false

  const send = (message: ToViewer) => {
    if (!isSilent) channel.send(encodeToViewer(message))
  }
  const mayWait = async () => {
    while (left === 0 || channel.bufferedAmount() >= HIGH_WATER_BYTES) {
      signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    signal.throwIfAborted()
  }
  const sendBody = async (body: NonNullable<HttpResponse['body']>) => {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length; ) {
        await mayWait()
        const bytes = chunk.subarray(at, at + Math.min(left, LANE_BODY_BYTES))
        send({ type: 'body', id, bytes: bytes as Uint8Array<ArrayBuffer> })
        at += bytes.length
        left -= bytes.length
      }
    }
  }
  const answer = async () => {
    const response = await handle({ method, path, headers, signal, streamId })
    const { status, cut, body } = response
    if (cut?.aborted) throw cut.reason
    cut?.addEventListener('abort', () => stop(cut.reason), { once: true })
    send({ type: 'head', id, head: { status, headers: response.headers } })
    if (body) await sendBody(body)
    send({ type: 'end', id })
  }
  const stop = (reason: unknown) => {
    abort.abort(reason)
    wake()
  }
  answer()
    .catch((error: unknown) => {
      const { code } = toErrorData(error)
      if (code === 'internal' && !signal.aborted) log.error('p2p_failed', error, { streamId })
      send({ type: 'failed', id, error: toErrorData(error) })
    })
    // The channel has closed meanwhile: nobody is there to be told.
    .catch(() => {})
    .finally(() => {
      // Whatever still holds on to the request lets go of it now.
      abort.abort(new AppError('timed_out', 'The answer is over.'))
      over()
    })

  return {
    credit(bytes) {
      if (left + bytes > windowBytes) throw new AppError('invalid', 'More was read than was sent.')
      left += bytes
      wake()
    },
    cancel(reason) {
      isSilent = true
      stop(reason)
    },
    wake: () => wake(),
  }
}
