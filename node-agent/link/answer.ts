/** One request from the hub, from its envelope to its one reply: deadline, cancellation, errors as data. */
import type { AgentMessage, HubMessage } from '#protocol/agent-messages.ts'
import { type AgentReply, type AgentRequest, agentReplies } from '#protocol/agent-requests.ts'
import type { AgentLoad } from '#protocol/capabilities.ts'
import { AppError, toErrorData } from '#protocol/errors.ts'
import type { OpenStage } from '#protocol/stream-status.ts'
import type { Log } from '../log.ts'

/** What a request may use while it is answered. */
export type RequestContext = {
  /** Aborted when whoever asked has left, or with the reason `timed_out` shortly before the deadline. */
  signal: AbortSignal
  correlationId: string
  onStage: (stage: OpenStage, peers: number) => void
}
export type Handle = (request: AgentRequest, context: RequestContext) => Promise<AgentReply<AgentRequest['kind']>>

/** The reply leaves this much before the deadline, so that it arrives in time, in seconds. */
const MARGIN_SECONDS = 0.5
/** Requests in work at once; the hub asks for far fewer. */
const MOST_AT_ONCE = 200

type HubRequest = Extract<HubMessage, { type: 'request' }>

/** Answers requests over one socket; `send` is never called after `close`. The load of the moment rides on each reply. */
export function createAnswerer(
  handle: Handle,
  send: (message: AgentMessage) => void,
  log: Log,
  load: () => AgentLoad | undefined = () => undefined,
) {
  const working = new Map<string, AbortController>()
  const fail = (id: string, error: unknown) => send({ type: 'failed', id, error: toErrorData(error) })

  const answer = async ({ id, correlationId, deadlineSeconds, request }: HubRequest): Promise<void> => {
    if (working.has(id)) return
    if (working.size >= MOST_AT_ONCE) return fail(id, new AppError('busy', 'The agent is busy. Please try again.'))
    const abort = new AbortController()
    working.set(id, abort)
    const timer = setTimeout(
      () => abort.abort(new AppError('timed_out', 'The agent did not get ready in time. Please try again.')),
      Math.max(deadlineSeconds - MARGIN_SECONDS, deadlineSeconds / 2) * 1000,
    )
    const isOver = () => working.get(id) !== abort
    const onStage = (stage: OpenStage, peers: number) => {
      if (!isOver()) send({ type: 'stage', id, stage, peers })
    }
    const fields = {
      kind: request.kind,
      correlationId,
      ...('streamId' in request ? { streamId: request.streamId } : {}),
    }
    try {
      const value = await handle(request, { signal: abort.signal, correlationId, onStage })
      if (isOver()) return
      const now = load()
      send({ type: 'reply', id, ok: true, value: agentReplies[request.kind].parse(value), ...(now && { load: now }) })
      log.info('request_answered', fields)
    } catch (error) {
      const { code } = toErrorData(error)
      if (code === 'internal') log.error('request_failed', error, fields)
      else log.warn('request_refused', { ...fields, code })
      if (!isOver()) fail(id, error)
    } finally {
      clearTimeout(timer)
      if (!isOver()) working.delete(id)
    }
  }

  const cancel = (id: string): void => {
    const abort = working.get(id)
    working.delete(id)
    abort?.abort(new AppError('timed_out', 'Whoever asked has left.'))
  }
  return {
    answer,
    /** Whoever asked has left: no reply is expected any more. */
    cancel,
    /** The socket is gone, and with it everybody who asked over it. */
    close: () => {
      for (const id of [...working.keys()]) cancel(id)
    },
  }
}
