/** The two forms in which an opening is answered: when it is done, or line by line while it goes on. */
import { type AppError, toErrorData } from '#protocol/errors.ts'
import type { OnStage } from '../agents/hub-calls.ts'
import type { Edge } from '../edge.ts'
import { toRefusal } from '../error-response.ts'
import { log } from '../log.ts'
import type { PlayLine, StreamReady } from './answers.ts'
import type { Waiting } from './open-stream.ts'

export const NDJSON = 'application/x-ndjson'

/** Proxies may change the type's parameters and order; what counts is that the caller named it. */
export const wantsLines = (accept: string | undefined): boolean => accept?.includes(NDJSON) ?? false

/** A stage is said again this often: it keeps proxies from giving up, and a write is how a lost reader is noticed. */
const BEAT_MS = 1000

/**
 * 200 with one JSON value a line. When the person leaves, the body is cancelled, which aborts the opening and with
 * it the agent's work. `request` is theirs: its signal aborts on the same occasion, whichever comes first.
 */
export function answerInLines(
  edge: Edge,
  request: Request,
  open: (waiting: Waiting) => Promise<StreamReady>,
): Response {
  const left = new AbortController()
  const signal = AbortSignal.any([left.signal, request.signal])
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let stage: PlayLine = { type: 'stage', stage: 'finding', peers: 0 }
      const write = (line: PlayLine) => {
        if (!signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      const onStage: OnStage = (name, peers) => {
        stage = { type: 'stage', stage: name, peers }
        write(stage)
      }
      const beat = setInterval(() => write(stage), BEAT_MS)
      write(stage)
      const opened = open({ signal, onStage })
      const told = opened.then(
        (stream) => write({ type: 'ready', stream }),
        (error) => write({ type: 'failed', error: toErrorData(refusalOf(edge, error)) }),
      )
      const over = told.finally(() => clearInterval(beat))
      edge.later(over.then(() => signal.aborted || controller.close()))
    },
    cancel() {
      left.abort()
    },
  })
  // Named encoding: local workerd would otherwise hold lines back to compress them.
  const headers = { 'content-type': NDJSON, 'cache-control': 'no-store', 'content-encoding': 'identity' }
  return new Response(body, { status: 200, headers })
}

function refusalOf(edge: Edge, error: unknown): AppError | undefined {
  const refusal = toRefusal(error)
  if (!refusal) log('error', 'unexpected', { correlationId: edge.correlationId, error })
  return refusal
}
