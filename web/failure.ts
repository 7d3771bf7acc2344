/** What can go wrong as the web app sees it: the server's codes, and failures that happen before any server answers. */
import { AppError, type ErrorCode, errorStatus } from '#protocol/errors.ts'

/**
 * `unreachable`: the edge did not answer. `offline`: the device has no network. `no_route`: the edge answered, but
 * home cannot be reached on any transport. `cannot_play`: home answered, but the browser refused the bytes.
 */
export type FailureCode = ErrorCode | 'unreachable' | 'offline' | 'no_route' | 'cannot_play' | PasskeyFailure

/** `passkey_unused`: the person or their device broke it off. `passkey_there`: this device has one already. */
export type PasskeyFailure = 'passkey_unused' | 'passkey_there'

/** Thrown when a request got no answer at all; the cause is what fetch threw. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** Thrown when no transport leads home. */
export class NoRoute extends Error {
  override readonly name = 'NoRoute'
}

/** Thrown when home answered but the browser could not turn the bytes into a picture. */
export class CannotPlay extends Error {
  override readonly name = 'CannotPlay'
}

/** Thrown when the browser did not come back with a passkey. */
export class PasskeyFailed extends Error {
  override readonly name = 'PasskeyFailed'
  readonly code: PasskeyFailure

  constructor(code: PasskeyFailure, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

/** The code of anything thrown, by which words and decisions are chosen. */
export function failureCode(error: unknown, isOnline: boolean = navigator.onLine): FailureCode {
  if (error instanceof AppError || error instanceof PasskeyFailed) return error.code
  if (error instanceof NoRoute) return isOnline ? 'no_route' : 'offline'
  if (error instanceof CannotPlay) return 'cannot_play'
  if (error instanceof Unreachable) return isOnline ? 'unreachable' : 'offline'
  return 'internal'
}

/** True for what passes by itself when asked again later; false when a person has to do something first. */
export const isPassing = (code: FailureCode): boolean => passing.has(code)

const passing: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'unreachable',
  'offline',
  'no_route',
  'internal',
  'too_many',
  'agent_replaced',
  'agent_offline',
  'busy',
  'maintenance',
  'relay_full',
  'upstream_away',
  'vpn_down',
  'no_peers',
  'metadata_timeout',
  'timed_out',
])

/** The answer of a request, or a throw: AppError with the server's code, Unreachable when there was none. */
export async function answered(pending: Promise<Response>): Promise<Response> {
  const response = await pending.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    if (cause instanceof AppError || cause instanceof Unreachable) throw cause
    throw new Unreachable('No answer.', { cause })
  })
  if (response.ok) return response
  const refusal = readRefusal(await response.json().catch(() => undefined))
  if (refusal) throw refusal
  // A gateway that answers in our place (502, 504 with a page of its own) is as good as no answer.
  if (response.status >= 500) throw new Unreachable(`Answered ${response.status} without a code.`)
  throw new AppError('internal', `Answered ${response.status} without a code.`)
}

/**
 * The refusal in an ErrorBody, or undefined when it is none. By hand: every page needs this, and zod would be a
 * fifth of the bytes of the first one.
 */
export function readRefusal(body: unknown): AppError | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  const { error } = body
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return undefined
  const { code, message } = error
  if (typeof code !== 'string' || typeof message !== 'string' || !isErrorCode(code)) return undefined
  return new AppError(code, message)
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorStatus, code)
