/** The one map from anything thrown to an HTTP answer: AppError, Hono's HTTPException, the unknown. */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError, type ErrorBody, type ErrorCode, statusOf, toErrorData } from '#protocol/errors.ts'
import type { AppEnv } from './env.ts'
import { log } from './log.ts'

/** `app.onError`. What is not a refusal of ours is logged with its cause and leaves as `internal`. */
export function errorResponse(error: unknown, c: Context<AppEnv>): Response {
  const refusal = toRefusal(error)
  if (refusal === undefined) {
    log('error', 'unexpected', { correlationId: c.var.correlationId, method: c.req.method, error })
  }
  const data = toErrorData(refusal)
  const body: ErrorBody = { error: { code: data.code, message: data.message.slice(0, 500) } }
  if (data.code === 'busy' || data.code === 'too_many') c.header('Retry-After', data.code === 'busy' ? '2' : '60')
  c.header('Cache-Control', 'no-store')
  return c.json(body, statusOf(data.code) as ContentfulStatusCode)
}

/** The refusal behind an error, or undefined when nobody meant it to happen. */
export function toRefusal(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  if (error instanceof HTTPException) return fromStatus(error)
  if (isPassing(error)) {
    return new AppError('busy', 'The service is restarting or very busy. Please try again in a moment.', {
      cause: error,
    })
  }
  return undefined
}

const codeOfStatus: Partial<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'not_signed_in',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_allowed',
  413: 'too_large',
  429: 'too_many',
}

function fromStatus(error: HTTPException): AppError | undefined {
  const code = codeOfStatus[error.status]
  // Its own text may quote what was sent ("Malformed JSON in request body" is the one we meet).
  return code && new AppError(code, 'The request could not be read. Please check it and try again.', { cause: error })
}

/** A Durable Object that was reset by a deploy or is overloaded says so by these fields, never by its class. */
const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  (('retryable' in error && error.retryable === true) || ('overloaded' in error && error.overloaded === true))
