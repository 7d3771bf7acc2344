/** The relay transport: requests that come over the hub's socket, answered by POSTs to the edge. */
import type { RelayRequest } from '#protocol/agent-requests.ts'
import { AppError, toErrorData } from '#protocol/errors.ts'
import type { HttpHandle } from '../http-exchange.ts'
import type { Log } from '../log.ts'
import { postAnswer, type Signer } from './post-answer.ts'
import type { PostPart } from './post-part.ts'

/** Answers under way at once; the edge asks for a few for each viewer. */
const MOST_AT_ONCE = 64

export type Relays = {
  /** Begins to answer. Throws `relay_off` or `busy`; whatever happens later is between the POST and the edge. */
  start(request: RelayRequest, correlationId: string): void
  /** The viewer has gone. */
  cancel(requestId: string): void
  close(): void
}

export function createRelays(options: {
  /** False when the operator has switched the relay off. */
  isOn: boolean
  handle: HttpHandle
  post: PostPart
  /** Undefined while the agent is not paired. */
  signer: () => Signer | undefined
  log: Log
  partBytes?: number
}): Relays {
  const { handle, post, log } = options
  const running = new Map<string, AbortController>()

  const answer = async (request: RelayRequest, signer: Signer, abort: AbortController): Promise<number> => {
    const { method, path, headers, streamId, requestId, shortBelow } = request
    const { signal } = abort
    const response = await handle({ method, path, headers, signal })
    response.cut?.addEventListener('abort', () => abort.abort(response.cut?.reason), { once: true })
    const { partBytes } = options
    const about = { streamId, requestId, shortBelow, ...(partBytes ? { partBytes } : {}) }
    return postAnswer({ ...about, response, signer, post, signal })
  }

  return {
    start(request, correlationId) {
      const { requestId, streamId } = request
      if (!options.isOn) throw new AppError('relay_off', 'This home does not use the relay.')
      const signer = options.signer()
      if (!signer || running.size >= MOST_AT_ONCE) throw new AppError('busy', 'This home is busy. Please try again.')
      if (running.has(requestId)) return
      const abort = new AbortController()
      running.set(requestId, abort)
      const fields = { requestId, streamId, correlationId, transport: 'relay' }
      answer(request, signer, abort)
        .then(
          (parts) => log.info('relay_ended', { ...fields, parts, reason: 'done' }),
          (error: unknown) => log.info('relay_ended', { ...fields, reason: reasonOf(error) }),
        )
        .finally(() => {
          running.delete(requestId)
          // Whatever still holds on to the request lets go of it now.
          abort.abort(new AppError('timed_out', 'The relay is over.'))
        })
    },
    cancel(requestId) {
      running.get(requestId)?.abort(new AppError('timed_out', 'The viewer has left.'))
    },
    close() {
      for (const abort of running.values()) abort.abort(new AppError('timed_out', 'The agent stops.'))
    },
  }
}

const reasonOf = (error: unknown) => {
  const { code } = toErrorData(error)
  return code === 'internal' && error instanceof Error ? error.message : code
}
